-- a network that a person with a history of networks was never seen from
WITH known AS (
  SELECT actor, count(*) AS n, list(DISTINCT network) AS networks
  FROM timed WHERE NOT judged AND network <> '' GROUP BY actor
)
SELECT min(e.moment), any_value(e.channel), e.actor, any_value(e.organisation), any_value(e.dataset), any_value(e.contract), sum(e.rows)::BIGINT,
       count(*), 1.0, e.network,
       json_object('code', 'network', 'network', e.network, 'known', len(any_value(k.networks)), 'history', max(k.n))::VARCHAR
FROM timed e JOIN known k USING (actor)
WHERE e.judged AND e.network <> '' AND k.n >= $least_history AND NOT list_contains(k.networks, e.network)
GROUP BY e.actor, e.network ORDER BY 1
