-- a person's first access to a dataset that others, or a person who, has a history
WITH pairs AS (
  SELECT actor, dataset, bool_or(NOT judged) AS seen FROM timed WHERE allowed GROUP BY actor, dataset
), people AS (SELECT actor, count(*) AS n FROM timed WHERE NOT judged GROUP BY actor
), datasets AS (SELECT dataset, count(*) AS n, count(DISTINCT actor) AS people FROM timed WHERE NOT judged GROUP BY dataset
)
SELECT min(e.moment), any_value(e.channel), e.actor, any_value(e.organisation), e.dataset, any_value(e.contract), sum(e.rows)::BIGINT, count(*), 1.0,
       '', json_object('code', 'first', 'people', coalesce(max(d.people), 0), 'history', coalesce(max(p.n), 0))::VARCHAR
FROM timed e JOIN pairs USING (actor, dataset) LEFT JOIN people p USING (actor) LEFT JOIN datasets d USING (dataset)
WHERE e.judged AND e.allowed AND NOT e.expected AND NOT pairs.seen
      AND (coalesce(p.n, 0) >= $least_history OR coalesce(d.n, 0) >= $least_history)
GROUP BY e.actor, e.dataset ORDER BY 1
