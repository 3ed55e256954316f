-- rows and calls of a person under a contract in an hour or a day, against the usual
WITH bucket AS (
  SELECT channel, actor, contract, dataset, any_value(organisation) AS organisation, (moment + $shift) // $seconds AS slot,
         sum(rows) AS rows, count(*) AS calls, max(moment) AS moment
  FROM events WHERE allowed AND (timed OR $grain = 'day') GROUP BY channel, actor, contract, dataset, slot
), history AS (SELECT * FROM bucket WHERE slot < $start_slot
), own AS (
  SELECT channel, actor, contract, dataset, count(*) AS n, median(ln(1 + rows)) AS rows_mid, mad(ln(1 + rows)) AS rows_mad,
         median(ln(1 + calls)) AS calls_mid, mad(ln(1 + calls)) AS calls_mad
  FROM history GROUP BY channel, actor, contract, dataset
), everyone AS (
  SELECT channel, contract, dataset, count(*) AS n, median(ln(1 + rows)) AS rows_mid, mad(ln(1 + rows)) AS rows_mad,
         median(ln(1 + calls)) AS calls_mid, mad(ln(1 + calls)) AS calls_mad
  FROM history GROUP BY channel, contract, dataset
), usual AS (
  SELECT bucket.*, coalesce(own.n, 0) >= $least_history AS mine,
         CASE WHEN mine THEN own.n ELSE everyone.n END AS n,
         CASE WHEN mine THEN own.rows_mid ELSE everyone.rows_mid END AS rows_mid,
         CASE WHEN mine THEN own.rows_mad ELSE everyone.rows_mad END AS rows_mad,
         CASE WHEN mine THEN own.calls_mid ELSE everyone.calls_mid END AS calls_mid,
         CASE WHEN mine THEN own.calls_mad ELSE everyone.calls_mad END AS calls_mad
  FROM bucket LEFT JOIN own USING (channel, actor, contract, dataset) LEFT JOIN everyone USING (channel, contract, dataset)
  WHERE slot >= $start_slot
), bound AS (
  SELECT *, exp(rows_mid + $k * greatest(1.4826 * rows_mad, $floor)) - 1 AS rows_bound,
         exp(calls_mid + $k * greatest(1.4826 * calls_mad, $floor)) - 1 AS calls_bound
  FROM usual WHERE n >= $least_history
), beyond AS (
  SELECT *, rows >= $least_rows AND rows > rows_bound AS by_rows, calls >= $least_calls AND calls > calls_bound AS by_calls
  FROM bound
)
SELECT moment, channel, actor, organisation, dataset, contract, rows::BIGINT, calls::BIGINT,
       greatest(CASE WHEN by_rows THEN rows / greatest(rows_bound, 1) ELSE 0 END,
                CASE WHEN by_calls THEN calls / greatest(calls_bound, 1) ELSE 0 END) AS ratio,
       slot,
       json_object('code', 'volume-' || $grain, 'by', CASE WHEN by_rows THEN 'rows' ELSE 'calls' END,
                   'found', (CASE WHEN by_rows THEN rows ELSE calls END)::BIGINT,
                   'median', round(exp(CASE WHEN by_rows THEN rows_mid ELSE calls_mid END) - 1)::BIGINT,
                   'bound', round(CASE WHEN by_rows THEN rows_bound ELSE calls_bound END)::BIGINT,
                   'history', n, 'of', CASE WHEN mine THEN 'person' ELSE 'contract' END)::VARCHAR
FROM beyond WHERE by_rows OR by_calls
ORDER BY ratio DESC
