-- every access with its hour and day in Shanghai, and whether it is judged or history
CREATE TABLE events AS
SELECT *, (moment + $shift) // 3600 % 24 AS hour, (moment + $shift) // 86400 AS day, moment >= $start AS judged FROM given
