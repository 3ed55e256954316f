-- hours (with the one before and after) and days off that are not usual for the person, or for their organisation
WITH history AS (SELECT * FROM timed WHERE NOT judged
), judged AS (
  SELECT any_value(channel) AS channel, actor, contract, dataset, any_value(organisation) AS organisation, day, hour, bool_or(off) AS off,
         sum(rows) AS rows, count(*) AS calls, max(moment) AS moment
  FROM timed WHERE judged GROUP BY actor, contract, dataset, day, hour
), scope AS (
  SELECT 'person' AS level, actor AS who, hour, off, day FROM history
  UNION ALL SELECT 'organisation', organisation, hour, off, day FROM history WHERE organisation <> ''
), known AS (
  SELECT level, who, count(*) AS n, count(DISTINCT day) AS days, max(day) - min(day) AS span,
         avg(off::INT) AS off_share
  FROM scope GROUP BY level, who
), by_hour AS (SELECT level, who, hour, count(*) AS c FROM scope GROUP BY level, who, hour
), asked AS (
  SELECT DISTINCT j.actor, j.organisation, j.hour,
         CASE WHEN p.n >= $least_history AND p.days >= 5 THEN 'person' ELSE 'organisation' END AS level,
         CASE WHEN p.n >= $least_history AND p.days >= 5 THEN j.actor ELSE j.organisation END AS who
  FROM judged j LEFT JOIN known p ON p.level = 'person' AND p.who = j.actor
), shares AS (
  SELECT a.actor, a.organisation, a.hour, k.level, any_value(k.n) AS n, any_value(k.span) AS span,
         any_value(k.off_share) AS off_share,
         coalesce(sum(b.c) FILTER (WHERE least(abs(b.hour - a.hour), 24 - abs(b.hour - a.hour)) <= 1), 0) / any_value(k.n) AS hour_share
  FROM asked a JOIN known k ON k.level = a.level AND k.who = a.who AND k.n >= $least_history AND k.days >= 5
       JOIN by_hour b ON b.level = k.level AND b.who = k.who
  GROUP BY a.actor, a.organisation, a.hour, k.level
), odd AS (
  SELECT j.*, s.level, s.n, s.hour_share, s.off_share, s.hour_share < $share AS by_hour,
         j.off AND s.off_share < $share AND s.span >= 14 AS by_day
  FROM judged j JOIN shares s ON s.actor = j.actor AND s.organisation = j.organisation AND s.hour = j.hour
)
SELECT max(moment) AS moment, any_value(channel), actor, any_value(organisation), dataset, contract, sum(rows)::BIGINT, sum(calls)::BIGINT, 1.0, day,
       json_object('code', CASE WHEN bool_or(by_hour) THEN 'hour' ELSE 'day-off' END,
                   'hours', string_agg(DISTINCT lpad(hour::VARCHAR, 2, '0'), ' '),
                   'share', round(100 * min(CASE WHEN by_hour THEN hour_share ELSE off_share END), 2),
                   'history', max(n), 'of', any_value(level))::VARCHAR
FROM odd WHERE by_hour OR by_day
GROUP BY actor, contract, dataset, day
ORDER BY moment
