-- many refusals of one person in an hour, and what for
SELECT max(moment), any_value(channel), actor, any_value(organisation), dataset, contract, 0::BIGINT, count(*), count(*) / $most,
       day * 24 + hour, json_object('code', 'refused', 'found', count(*), 'bound', $most,
                   'codes', coalesce(list_sort(list(DISTINCT refusal) FILTER (refusal <> '')), []))::VARCHAR
FROM timed WHERE judged AND NOT allowed
GROUP BY actor, dataset, contract, day, hour HAVING count(*) >= $most ORDER BY 1
