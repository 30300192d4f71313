-- gate_releases
SELECT
  CAST(row_number() OVER (ORDER BY release_date, release) AS INTEGER) AS rid,
  release,
  release_date,
  CAST(date_diff('day', DATE '0001-01-01', release_date) AS INTEGER) AS day0,
  coalesce(CAST(date_diff('day', DATE '0001-01-01', known) AS INTEGER), 0) AS known,
  "label" AS a0,
  "tempo" AS a1,
  artist
FROM releases
WHERE coalesce(CAST(date_diff('day', DATE '0001-01-01', known) AS INTEGER), 0) <= 739000;

-- gate_rows
SELECT
  rid,
  CASE WHEN n < -60 THEN -60 ELSE n END AS n,
  greatest(known, day0) AS known,
  count(*) AS rows_seen,
  sum(CAST(m0 AS DECIMAL(38, 9))) AS m0,
  sum(CAST(m1 AS DECIMAL(38, 9))) AS m1
FROM (
  SELECT
    r.rid,
    r.day0,
    CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER) - r.day0 + 1 AS n,
    greatest(CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER), CAST(date_diff('day', DATE '0001-01-01', s.known) AS INTEGER)) AS known,
    s."views" AS m0,
    s."likes ""n""" AS m1
  FROM signals AS s
  JOIN gate_releases AS r ON r.release = s.release
) AS seen
WHERE n <= 7 AND known <= 739000
GROUP BY 1, 2, 3;

-- gate_outcomes
SELECT rid, n, known, CAST(streams AS DECIMAL(38, 9)) AS streams
FROM (
    SELECT
      r.rid,
      CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER) - r.day0 + 1 AS n,
      greatest(CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER), CAST(date_diff('day', DATE '0001-01-01', s.known) AS INTEGER), r.known) AS known,
      s.streams
    FROM outcomes AS s
    JOIN gate_releases AS r ON r.release = s.release
) AS seen
WHERE known <= 739000 AND n >= 1 AND n <= 14;

-- gate_told
SELECT rid, min(known) AS known
FROM (
    SELECT
      r.rid,
      CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER) - r.day0 + 1 AS n,
      greatest(CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER), CAST(date_diff('day', DATE '0001-01-01', s.known) AS INTEGER), r.known) AS known,
      s.streams
    FROM outcomes AS s
    JOIN gate_releases AS r ON r.release = s.release
) AS seen
WHERE known <= 739000
GROUP BY rid;

-- gate_bases
SELECT
  r.rid,
  CAST(sum(CASE WHEN d.n <= 1 AND d.known < r.day0 + 1 THEN d.m0 END) AS DOUBLE) AS base_1,
  CAST(sum(CASE WHEN d.n <= 2 AND d.known < r.day0 + 2 THEN d.m0 END) AS DOUBLE) AS base_2,
  CAST(sum(CASE WHEN d.n <= 3 AND d.known < r.day0 + 3 THEN d.m0 END) AS DOUBLE) AS base_3
FROM gate_rows AS d
JOIN gate_releases AS r ON r.rid = d.rid
WHERE d.n >= 1
GROUP BY r.rid;

-- gate_records
SELECT
  r.release,
  r.day0,
  r.artist,
  r.a0,
  t.horizon,
  r.day0 + t.horizon - 1 AS closed,
  t.known,
  CAST(t.streams AS DOUBLE) AS streams,
  b.base_1,
  b.base_2,
  b.base_3
FROM (
  SELECT
    rid,
    horizon,
    known,
    sum(sum(streams)) OVER (PARTITION BY rid, horizon ORDER BY known) AS streams
  FROM (
    SELECT
      f.rid,
      h.horizon,
      greatest(f.known, r.day0 + h.horizon - 1, r.day0 + 3) AS known,
      CAST(0 AS DECIMAL(38, 9)) AS streams
    FROM gate_told AS f
    JOIN gate_releases AS r ON r.rid = f.rid
    CROSS JOIN (SELECT v.horizon FROM (VALUES (14)) AS v(horizon)) AS h
    UNION ALL
    SELECT
      s.rid,
      h.horizon,
      greatest(s.known, r.day0 + h.horizon - 1, r.day0 + 3) AS known,
      s.streams
    FROM gate_outcomes AS s
    JOIN gate_releases AS r ON r.rid = s.rid
    CROSS JOIN (SELECT v.horizon FROM (VALUES (14)) AS v(horizon)) AS h
    WHERE s.n <= h.horizon
  ) AS told
  GROUP BY rid, horizon, known
) AS t
JOIN gate_releases AS r ON r.rid = t.rid
LEFT JOIN gate_bases AS b ON b.rid = t.rid
WHERE t.known <= 739000;

-- gate_platform
SELECT
  CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER) AS day,
  greatest(CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER), CAST(date_diff('day', DATE '0001-01-01', s.known) AS INTEGER)) AS known,
  count(*) AS signals_seen,
  0 AS releases_seen,
  CAST(sum(CAST(s."views" AS DECIMAL(38, 9))) AS DOUBLE) AS m0,
  CAST(sum(CAST(s."likes ""n""" AS DECIMAL(38, 9))) AS DOUBLE) AS m1
FROM signals AS s
WHERE greatest(CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER), CAST(date_diff('day', DATE '0001-01-01', s.known) AS INTEGER)) <= 739000
GROUP BY 1, 2
UNION ALL
SELECT day0, greatest(day0, known), 0, count(*), CAST(NULL AS DOUBLE) AS m0, CAST(NULL AS DOUBLE) AS m1
FROM gate_releases
WHERE greatest(day0, known) <= 739000
GROUP BY 1, 2;

-- gate_wanted
SELECT r.*, g.age AS age, r.day0 + g.age - 1 AS gate
FROM gate_releases AS r
JOIN gate_given AS g ON g.release = r.release
WHERE r.day0 + g.age - 1 <= 739000;

-- gate_days
SELECT
  d.rid,
  r.age,
  d.n,
  sum(d.rows_seen) AS rows_seen,
  sum(d.m0) AS m0,
  sum(d.m1) AS m1
FROM gate_rows AS d
JOIN gate_wanted AS r ON r.rid = d.rid
WHERE d.n <= r.age AND d.known <= r.gate
GROUP BY d.rid, r.age, d.n;

-- gate_activity
SELECT
  rid,
  sum(CASE WHEN n >= 1 THEN 1 ELSE 0 END) AS days_observed,
  sum(CASE WHEN n > -60 AND n < 1 THEN 1 ELSE 0 END) AS preview_days,
  min(CASE WHEN n >= 1 THEN n END) AS first_day,
  greatest(max(gap), age - greatest(max(n), 0)) AS longest_gap
FROM (
  SELECT rid, age, n, n - 1 - greatest(coalesce(lag(n) OVER (PARTITION BY rid ORDER BY n), 0), 0) AS gap
  FROM gate_days
) AS gaps
GROUP BY rid, age;

-- gate_creators
SELECT rid, min(n) AS first_day, coalesce(sum(CAST(amount AS DECIMAL(38, 9))), 0) AS amount
FROM (
  SELECT r.rid, CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER) - r.day0 + 1 AS n, s.creator, s."views" AS amount
  FROM signals AS s
  JOIN gate_wanted AS r ON r.release = s.release
  WHERE CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER) >= r.day0
    AND CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER) <= r.gate
    AND CAST(date_diff('day', DATE '0001-01-01', s.known) AS INTEGER) <= r.gate
    AND s.creator IS NOT NULL
) AS seen
GROUP BY rid, creator;

-- gate_concentration
SELECT
  rid,
  sum(creators) AS creators,
  CAST(sum(CAST(creators * share * share AS DECIMAL(38, 18))) AS DOUBLE) AS hhi,
  CAST(sum(CAST(creators * share * (2 * above - creators + 1) AS DECIMAL(38, 18))) AS DOUBLE) AS ranked,
  max(share) AS top1,
  CAST(sum(CAST(share * greatest(0, least(creators, 5 - above + creators)) AS DECIMAL(38, 18))) AS DOUBLE) AS top5
FROM (
  SELECT
    rid,
    creators,
    CAST(sum(creators) OVER (PARTITION BY rid ORDER BY amount DESC) AS DOUBLE) AS above,
    CAST(amount AS DOUBLE) / nullif(CAST(sum(together) OVER (PARTITION BY rid) AS DOUBLE), 0) AS share
  FROM (
    SELECT rid, amount, count(*) AS creators, sum(amount) AS together
    FROM gate_creators
    GROUP BY rid, amount
  ) AS equals
) AS shares
GROUP BY rid;

-- gate_newcomers
SELECT
  rid,
  sum(CASE WHEN first_day = 1 THEN 1 ELSE 0 END) AS new_1,
  sum(CASE WHEN first_day = 2 THEN 1 ELSE 0 END) AS new_2
FROM gate_creators
GROUP BY rid;

-- gate_videos
SELECT rid, count(*) AS videos
FROM (
  SELECT DISTINCT rid, video
  FROM (
  SELECT r.rid, s.video
  FROM signals AS s
  JOIN gate_wanted AS r ON r.release = s.release
  WHERE CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER) >= r.day0
    AND CAST(date_diff('day', DATE '0001-01-01', s.day) AS INTEGER) <= r.gate
    AND CAST(date_diff('day', DATE '0001-01-01', s.known) AS INTEGER) <= r.gate
    AND s.video IS NOT NULL
  ) AS seen
) AS different
GROUP BY rid;

-- gate_gates
SELECT DISTINCT
  r.gate,
  r.age,
  1 AS third,
  greatest(1, 14 - r.age) AS ahead
FROM gate_wanted AS r;

-- gate_reach
SELECT moment AS gate, first_day
FROM (
  SELECT moment, asks, min(day) OVER (ORDER BY moment, asks ROWS UNBOUNDED PRECEDING) AS first_day
  FROM (
    SELECT known AS moment, 0 AS asks, day FROM gate_platform WHERE signals_seen > 0
    UNION ALL
    SELECT DISTINCT gate, 1, NULL FROM gate_gates
  ) AS moments
) AS told
WHERE asks = 1;

-- gate_levels
SELECT
  g.gate,
  g.age,
  sum(CASE WHEN back < 28 THEN e.releases_seen ELSE 0 END) AS releases_month,
  CAST(coalesce(sum(CASE WHEN back < g.age THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS window0,
  CAST(coalesce(sum(CASE WHEN back < g.third THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS last0,
  CAST(coalesce(sum(CASE WHEN back < g.age AND back >= g.age - g.third THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS first0,
  CAST(coalesce(sum(CASE WHEN back < 7 THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS week0,
  CAST(coalesce(sum(CASE WHEN back < 28 THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS month0,
  CAST(coalesce(sum(CASE WHEN back < 28 AND back % 7 = 0 THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS weekday0,
  CAST(coalesce(sum(CASE WHEN back < g.age THEN CAST(e.m1 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS window1,
  CAST(coalesce(sum(CASE WHEN back < g.third THEN CAST(e.m1 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS last1,
  CAST(coalesce(sum(CASE WHEN back < g.age AND back >= g.age - g.third THEN CAST(e.m1 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS first1,
  CAST(coalesce(sum(CASE WHEN back < 7 THEN CAST(e.m1 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS week1,
  CAST(coalesce(sum(CASE WHEN back < 28 THEN CAST(e.m1 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS month1,
  CAST(coalesce(sum(CASE WHEN back < 28 AND back % 7 = 0 THEN CAST(e.m1 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS weekday1
FROM gate_gates AS g
LEFT JOIN (
  SELECT p.*, b.back, p.day + b.back AS gate
  FROM gate_platform AS p
  CROSS JOIN (SELECT v.back FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19), (20), (21), (22), (23), (24), (25), (26), (27)) AS v(back)) AS b
) AS e ON e.gate = g.gate AND e.known <= g.gate
GROUP BY g.gate, g.age;

-- gate_seasons
SELECT
  g.gate,
  g.age,
  g.ahead,
  CAST(coalesce(sum(CASE WHEN back >= 364 AND back < 371 THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS before_1,
  CAST(coalesce(sum(CASE WHEN back >= 364 - g.ahead AND back < 364 THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS after_1,
  CAST(coalesce(sum(CASE WHEN back >= 728 AND back < 735 THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS before_2,
  CAST(coalesce(sum(CASE WHEN back >= 728 - g.ahead AND back < 728 THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS after_2,
  CAST(coalesce(sum(CASE WHEN back >= 1092 AND back < 1099 THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS before_3,
  CAST(coalesce(sum(CASE WHEN back >= 1092 - g.ahead AND back < 1092 THEN CAST(e.m0 AS DECIMAL(38, 9)) END), 0) AS DOUBLE) AS after_3
FROM gate_gates AS g
LEFT JOIN (
  SELECT p.known, p.m0, b.back, p.day + b.back AS gate
  FROM gate_platform AS p
  CROSS JOIN (SELECT v.back FROM (VALUES (352), (353), (354), (355), (356), (357), (358), (359), (360), (361), (362), (363), (364), (365), (366), (367), (368), (369), (370), (716), (717), (718), (719), (720), (721), (722), (723), (724), (725), (726), (727), (728), (729), (730), (731), (732), (733), (734), (1080), (1081), (1082), (1083), (1084), (1085), (1086), (1087), (1088), (1089), (1090), (1091), (1092), (1093), (1094), (1095), (1096), (1097), (1098)) AS v(back)) AS b
) AS e ON e.gate = g.gate AND e.known <= g.gate
GROUP BY g.gate, g.age, g.ahead;

-- gate_rivals
SELECT g.gate, sum(e.releases) AS releases, coalesce(sum(e.amount), 0) AS amount
FROM (SELECT DISTINCT gate FROM gate_gates) AS g
JOIN (
  SELECT o.*, o.day0 + b.back AS gate
  FROM (
    SELECT day0, day0 AS day, greatest(day0, known) AS known, count(*) AS releases, NULL AS amount
    FROM gate_releases
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT r.day0, r.day0 + d.n - 1, greatest(d.known, r.known), 0, sum(d.m0)
    FROM gate_rows AS d
    JOIN gate_releases AS r ON r.rid = d.rid
    WHERE d.n >= 1 AND d.n <= 7
    GROUP BY 1, 2, 3
  ) AS o
  CROSS JOIN (SELECT v.back FROM (VALUES (0), (1), (2), (3), (4), (5), (6)) AS v(back)) AS b
) AS e ON e.gate = g.gate AND e.day <= g.gate AND e.known <= g.gate
GROUP BY g.gate;

-- gate_company
SELECT o.rid, o.age, o.day0, o.known, coalesce(sum(d.m0), 0) AS total
FROM (
  SELECT r.rid, r.day0, r.known, a.age
  FROM gate_releases AS r
  JOIN (
    SELECT age, min(day0) AS first_day, max(day0) AS last_day FROM gate_wanted GROUP BY age
  ) AS a ON r.day0 > a.first_day - 7 AND r.day0 <= a.last_day
) AS o
LEFT JOIN gate_rows AS d
  ON d.rid = o.rid AND d.n >= 1 AND d.n <= o.age AND d.known < o.day0 + o.age
GROUP BY o.rid, o.age, o.day0, o.known;

-- gate_ranks
SELECT
  r.rid,
  count(*) AS others,
  sum(CASE WHEN o.total > w.total THEN 1 ELSE 0 END) AS larger
FROM gate_wanted AS r
JOIN gate_company AS w ON w.rid = r.rid AND w.age = r.age
JOIN (
  SELECT s.rid, s.age, s.known, s.day0 + b.back AS day0, s.total
  FROM gate_company AS s
  CROSS JOIN (SELECT v.back FROM (VALUES (0), (1), (2), (3), (4), (5), (6)) AS v(back)) AS b
) AS o ON o.day0 = r.day0 AND o.age = r.age AND o.known <= r.gate AND o.rid <> r.rid
GROUP BY r.rid;

-- gate_told_before
SELECT
  m.*,
  lead(known, 1, 3652058) OVER told AS until,
  lag(streams) OVER told AS before
FROM gate_records AS m
WINDOW told AS (PARTITION BY release, horizon ORDER BY known);

-- gate_turns
SELECT age, moment AS known, turn
FROM (
  SELECT
    age,
    moment,
    asks,
    min(gate) OVER (
      PARTITION BY age ORDER BY moment DESC, asks DESC ROWS UNBOUNDED PRECEDING
    ) AS turn
  FROM (
    SELECT a.age, k.known AS moment, 0 AS asks, NULL AS gate
    FROM (SELECT DISTINCT known FROM gate_records) AS k
    CROSS JOIN (SELECT DISTINCT age FROM gate_gates) AS a
    UNION ALL
    SELECT age, gate, 1, gate FROM gate_gates
  ) AS moments
) AS told
WHERE asks = 0;

-- gate_versions
SELECT
  2 AS age,
  artist,
  a0,
  day0,
  horizon,
  closed,
  m.known,
  until,
  turn,
  CAST(streams AS DECIMAL(38, 9)) AS streams,
  CAST(base_2 AS DECIMAL(38, 9)) AS base,
  CAST(ln(1 + streams) AS DECIMAL(18, 9)) AS size,
  CASE WHEN before IS NULL THEN 1 ELSE 0 END AS count_added,
  CAST(ln(1 + streams) AS DECIMAL(18, 9)) - coalesce(CAST(ln(1 + before) AS DECIMAL(18, 9)), 0) AS size_added,
  CASE WHEN base_2 > coalesce(base_1, 0) THEN 1 ELSE 0 END AS active,
  CASE WHEN base_2 > 0 THEN CAST(ln(1 + streams) - ln(1 + base_2) AS DECIMAL(18, 9)) END AS ratio,
  CASE WHEN base_2 > 0 THEN CAST(ln(1 + streams) - ln(1 + base_2) AS DECIMAL(18, 9)) - coalesce(CAST(ln(1 + before) - ln(1 + base_2) AS DECIMAL(18, 9)), 0) END AS ratio_added,
  CASE WHEN base_2 > 0 AND before IS NULL THEN 1 ELSE 0 END AS ratios_added
FROM gate_told_before AS m
JOIN gate_turns AS u ON u.known = m.known AND u.age = 2;

-- gate_askers
SELECT
  r.rid,
  r.gate,
  r.age,
  CASE WHEN r.known <= r.gate THEN r.artist END AS artist,
  CASE WHEN r.known <= r.gate THEN r.a0 END AS a0
FROM gate_wanted AS r;

-- gate_track_all
SELECT *
FROM (
  SELECT
    owner,
    age,
    moment AS gate,
    asks,
    max(last_day0) OVER past AS last_day0,
    sum(count_14) OVER past AS count_14,
    sum(size_14) OVER past AS size_14,
    sum(ratios_14) OVER past AS ratios_14,
    sum(ratio_14) OVER past AS ratio_14,
    max(best_14) OVER past AS best_14
  FROM (
    SELECT
      q.owner,
      q.age,
      v.turn AS moment,
      0 AS asks,
      max(v.day0) AS last_day0,
      sum(CASE WHEN v.horizon = 14 THEN v.count_added END) AS count_14,
      sum(CASE WHEN v.horizon = 14 THEN v.size_added END) AS size_14,
      sum(CASE WHEN v.horizon = 14 THEN v.ratios_added END) AS ratios_14,
      sum(CASE WHEN v.horizon = 14 THEN v.ratio_added END) AS ratio_14,
      max(CASE WHEN v.horizon = 14 THEN v.size END) AS best_14
    FROM (SELECT DISTINCT 1 AS owner, age FROM gate_askers) AS q
    JOIN gate_versions AS v ON v.age = q.age
    WHERE v.turn IS NOT NULL
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT DISTINCT 1, age, gate, 1, NULL, NULL, NULL, NULL, NULL, NULL
    FROM gate_askers
  ) AS moments
  WHERE owner IS NOT NULL
  WINDOW past AS (PARTITION BY owner, age ORDER BY moment, asks ROWS UNBOUNDED PRECEDING)
) AS told
WHERE asks = 1;

-- gate_track_artist
SELECT *
FROM (
  SELECT
    owner,
    age,
    moment AS gate,
    asks,
    max(last_day0) OVER past AS last_day0,
    sum(count_14) OVER past AS count_14,
    sum(size_14) OVER past AS size_14,
    sum(ratios_14) OVER past AS ratios_14,
    sum(ratio_14) OVER past AS ratio_14,
    max(best_14) OVER past AS best_14
  FROM (
    SELECT
      q.owner,
      q.age,
      v.turn AS moment,
      0 AS asks,
      max(v.day0) AS last_day0,
      sum(CASE WHEN v.horizon = 14 THEN v.count_added END) AS count_14,
      sum(CASE WHEN v.horizon = 14 THEN v.size_added END) AS size_14,
      sum(CASE WHEN v.horizon = 14 THEN v.ratios_added END) AS ratios_14,
      sum(CASE WHEN v.horizon = 14 THEN v.ratio_added END) AS ratio_14,
      max(CASE WHEN v.horizon = 14 THEN v.size END) AS best_14
    FROM (SELECT DISTINCT artist AS owner, age FROM gate_askers) AS q
    JOIN gate_versions AS v ON v.age = q.age AND q.owner = v.artist
    WHERE v.turn IS NOT NULL
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT DISTINCT artist, age, gate, 1, NULL, NULL, NULL, NULL, NULL, NULL
    FROM gate_askers
  ) AS moments
  WHERE owner IS NOT NULL
  WINDOW past AS (PARTITION BY owner, age ORDER BY moment, asks ROWS UNBOUNDED PRECEDING)
) AS told
WHERE asks = 1;

-- gate_track_a0
SELECT *
FROM (
  SELECT
    owner,
    age,
    moment AS gate,
    asks,
    max(last_day0) OVER past AS last_day0,
    sum(count_14) OVER past AS count_14,
    sum(size_14) OVER past AS size_14,
    sum(ratios_14) OVER past AS ratios_14,
    sum(ratio_14) OVER past AS ratio_14,
    max(best_14) OVER past AS best_14
  FROM (
    SELECT
      q.owner,
      q.age,
      v.turn AS moment,
      0 AS asks,
      max(v.day0) AS last_day0,
      sum(CASE WHEN v.horizon = 14 THEN v.count_added END) AS count_14,
      sum(CASE WHEN v.horizon = 14 THEN v.size_added END) AS size_14,
      sum(CASE WHEN v.horizon = 14 THEN v.ratios_added END) AS ratios_14,
      sum(CASE WHEN v.horizon = 14 THEN v.ratio_added END) AS ratio_14,
      max(CASE WHEN v.horizon = 14 THEN v.size END) AS best_14
    FROM (SELECT DISTINCT a0 AS owner, age FROM gate_askers) AS q
    JOIN gate_versions AS v ON v.age = q.age AND q.owner = v.a0
    WHERE v.turn IS NOT NULL
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT DISTINCT a0, age, gate, 1, NULL, NULL, NULL, NULL, NULL, NULL
    FROM gate_askers
  ) AS moments
  WHERE owner IS NOT NULL
  WINDOW past AS (PARTITION BY owner, age ORDER BY moment, asks ROWS UNBOUNDED PRECEDING)
) AS told
WHERE asks = 1;

-- gate_recent
SELECT
  s.sunday,
  v.age,
  v.horizon,
  v.day0,
  v.closed,
  v.ratio,
  CAST(v.ratio AS DOUBLE) AS plain_ratio,
  v.streams,
  v.base
FROM (SELECT DISTINCT (gate - (gate + 1) % 7) AS sunday, age FROM gate_gates) AS s
JOIN gate_versions AS v
  ON v.age = s.age
  AND v.known <= s.sunday AND v.closed > s.sunday - 400 AND v.until > s.sunday
WHERE v.active = 1;

-- gate_decays
SELECT
  v.sunday,
  v.age,
  v.horizon,
  count(CASE WHEN v.closed > v.sunday - 56 THEN v.ratio END) AS count_56,
  CAST(sum(CASE WHEN v.closed > v.sunday - 56 THEN v.ratio END) AS DOUBLE) AS total_56,
  median(CASE WHEN v.closed > v.sunday - 56 THEN v.plain_ratio END) AS median_56,
  CAST(sum(CASE WHEN v.closed > v.sunday - 56 THEN v.streams END) AS DOUBLE) AS above_56,
  CAST(sum(CASE WHEN v.closed > v.sunday - 56 THEN v.base END) AS DOUBLE) AS below_56,
  count(CASE WHEN v.closed > v.sunday - 180 THEN v.ratio END) AS count_180,
  CAST(sum(CASE WHEN v.closed > v.sunday - 180 THEN v.ratio END) AS DOUBLE) AS total_180,
  median(CASE WHEN v.closed > v.sunday - 180 THEN v.plain_ratio END) AS median_180,
  CAST(sum(CASE WHEN v.closed > v.sunday - 180 THEN v.streams END) AS DOUBLE) AS above_180,
  CAST(sum(CASE WHEN v.closed > v.sunday - 180 THEN v.base END) AS DOUBLE) AS below_180,
  count(CASE WHEN v.closed > v.sunday - 400 THEN v.ratio END) AS count_400,
  CAST(sum(CASE WHEN v.closed > v.sunday - 400 THEN v.ratio END) AS DOUBLE) AS total_400,
  median(CASE WHEN v.closed > v.sunday - 400 THEN v.plain_ratio END) AS median_400,
  CAST(sum(CASE WHEN v.closed > v.sunday - 400 THEN v.streams END) AS DOUBLE) AS above_400,
  CAST(sum(CASE WHEN v.closed > v.sunday - 400 THEN v.base END) AS DOUBLE) AS below_400
FROM gate_recent AS v
GROUP BY v.sunday, v.age, v.horizon;

-- gate_decays_weekday
SELECT
  v.sunday,
  v.age,
  v.horizon,
  v.day0 % 7 AS weekday,
  count(*) AS count,
  median(v.plain_ratio) AS median
FROM gate_recent AS v
GROUP BY v.sunday, v.age, v.horizon, v.day0 % 7;

-- gate_features
WITH
gate_window AS (
SELECT
  r.rid,
  r.age,
  coalesce(sum(CASE WHEN d.n >= 1 THEN d.rows_seen END), 0) AS rows_seen,
  max(CASE WHEN d.n = 1 THEN CAST(d.m0 AS DOUBLE) END) AS m0_1,
  max(CASE WHEN d.n = 2 THEN CAST(d.m0 AS DOUBLE) END) AS m0_2,
  CAST(NULL AS DOUBLE) AS m0_3,
  CAST(coalesce(sum(CASE WHEN d.n > -60 AND d.n < 1 THEN d.m0 END), 0) AS DOUBLE) AS previews0,
  CAST(coalesce(sum(CASE WHEN d.n <= -60 THEN d.m0 END), 0) AS DOUBLE) AS earlier0,
  max(CASE WHEN d.n = 1 THEN CAST(d.m1 AS DOUBLE) END) AS m1_1,
  max(CASE WHEN d.n = 2 THEN CAST(d.m1 AS DOUBLE) END) AS m1_2,
  CAST(NULL AS DOUBLE) AS m1_3,
  CAST(coalesce(sum(CASE WHEN d.n > -60 AND d.n < 1 THEN d.m1 END), 0) AS DOUBLE) AS previews1,
  CAST(coalesce(sum(CASE WHEN d.n <= -60 THEN d.m1 END), 0) AS DOUBLE) AS earlier1,
  coalesce(sum(CASE WHEN d.n >= 1 THEN d.m0 END), 0) AS exact_base,
  max(CASE WHEN d.n <= -60 THEN 1 ELSE 0 END) AS earlier_life
FROM gate_wanted AS r
LEFT JOIN gate_days AS d ON d.rid = r.rid
GROUP BY r.rid, r.age
),
gate_logs AS (
SELECT
  w.*,
  ln(1 + m0_1) AS log0_1,
  ln(1 + m0_2) AS log0_2,
  ln(1 + m0_3) AS log0_3,
  coalesce(m0_1, 0) AS cumulated0_1,
  coalesce(m0_1, 0) + coalesce(m0_2, 0) AS cumulated0_2,
  coalesce(m0_1, 0) + coalesce(m0_2, 0) AS total0,
  greatest(m0_1, m0_2) AS peak0,
  ((coalesce(ln(1 + m0_1), 0) + coalesce(ln(1 + m0_2), 0)) / nullif(CASE WHEN ln(1 + m0_1) IS NULL THEN 0 ELSE 1 END + CASE WHEN ln(1 + m0_2) IS NULL THEN 0 ELSE 1 END, 0)) AS level0,
  ((coalesce((CASE WHEN m0_1 IS NOT NULL THEN 1 END), 0) + coalesce((CASE WHEN m0_2 IS NOT NULL THEN 2 END), 0)) / nullif(CASE WHEN (CASE WHEN m0_1 IS NOT NULL THEN 1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN m0_2 IS NOT NULL THEN 2 END) IS NULL THEN 0 ELSE 1 END, 0)) AS middle0,
  CASE WHEN m0_1 IS NULL THEN 0 ELSE 1 END + CASE WHEN m0_2 IS NULL THEN 0 ELSE 1 END AS known0,
  m0_1 AS first0,
  m0_2 AS last0,
  m0_2 AS latest0,
  ((coalesce(m0_1, 0) + coalesce(m0_2, 0)) / nullif(CASE WHEN m0_1 IS NULL THEN 0 ELSE 1 END + CASE WHEN m0_2 IS NULL THEN 0 ELSE 1 END, 0)) AS latest_two0,
  m0_2 AS pace0_0,
  m0_1 AS pace0_1,
  CAST(NULL AS DOUBLE) AS pace0_2,
  ln(1 + m1_1) AS log1_1,
  ln(1 + m1_2) AS log1_2,
  ln(1 + m1_3) AS log1_3,
  coalesce(m1_1, 0) AS cumulated1_1,
  coalesce(m1_1, 0) + coalesce(m1_2, 0) AS cumulated1_2,
  coalesce(m1_1, 0) + coalesce(m1_2, 0) AS total1,
  greatest(m1_1, m1_2) AS peak1,
  ((coalesce(ln(1 + m1_1), 0) + coalesce(ln(1 + m1_2), 0)) / nullif(CASE WHEN ln(1 + m1_1) IS NULL THEN 0 ELSE 1 END + CASE WHEN ln(1 + m1_2) IS NULL THEN 0 ELSE 1 END, 0)) AS level1,
  ((coalesce((CASE WHEN m1_1 IS NOT NULL THEN 1 END), 0) + coalesce((CASE WHEN m1_2 IS NOT NULL THEN 2 END), 0)) / nullif(CASE WHEN (CASE WHEN m1_1 IS NOT NULL THEN 1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN m1_2 IS NOT NULL THEN 2 END) IS NULL THEN 0 ELSE 1 END, 0)) AS middle1,
  CASE WHEN m1_1 IS NULL THEN 0 ELSE 1 END + CASE WHEN m1_2 IS NULL THEN 0 ELSE 1 END AS known1,
  m1_1 AS first1,
  m1_2 AS last1,
  m1_2 AS latest1,
  ((coalesce(m1_1, 0) + coalesce(m1_2, 0)) / nullif(CASE WHEN m1_1 IS NULL THEN 0 ELSE 1 END + CASE WHEN m1_2 IS NULL THEN 0 ELSE 1 END, 0)) AS latest_two1,
  m1_2 AS pace1_0,
  m1_1 AS pace1_1,
  CAST(NULL AS DOUBLE) AS pace1_2
FROM gate_window AS w
),
gate_shapes AS (
SELECT
  l.*,
  (coalesce((1 - middle0) * (log0_1 - level0), 0) + coalesce((2 - middle0) * (log0_2 - level0), 0)) / nullif(CASE WHEN m0_1 IS NULL THEN 0 ELSE (1 - middle0) * (1 - middle0) END + CASE WHEN m0_2 IS NULL THEN 0 ELSE (2 - middle0) * (2 - middle0) END, 0) AS slope0,
  CASE WHEN m0_1 = peak0 THEN 1 WHEN m0_2 = peak0 THEN 2 END AS peak_day0,
  (coalesce((1 - middle1) * (log1_1 - level1), 0) + coalesce((2 - middle1) * (log1_2 - level1), 0)) / nullif(CASE WHEN m1_1 IS NULL THEN 0 ELSE (1 - middle1) * (1 - middle1) END + CASE WHEN m1_2 IS NULL THEN 0 ELSE (2 - middle1) * (2 - middle1) END, 0) AS slope1,
  CASE WHEN m1_1 = peak1 THEN 1 WHEN m1_2 = peak1 THEN 2 END AS peak_day1
FROM gate_logs AS l
)
SELECT
  r.rid AS "#rid",
  r.release AS "#release",
  r.release_date AS "#release_date",
  r.age AS "#age",
  CASE WHEN r.known <= r.gate THEN r.artist END AS "#artist",
  CASE WHEN r.known <= r.gate THEN 0 ELSE 1 END AS "#listed_late",
  CASE WHEN z.first_day <= r.gate - 27 THEN 0 ELSE 1 END AS "#out_of_reach",
  w.m0_1 AS "#m0_1",
  w.m0_2 AS "#m0_2",
  w.m0_3 AS "#m0_3",
  w.m1_1 AS "#m1_1",
  w.m1_2 AS "#m1_2",
  w.m1_3 AS "#m1_3",
  CAST(ln(1 + w.total0) AS DOUBLE) AS "views_log_total",
  CAST(w.log0_1 AS DOUBLE) AS "views_log_day_1",
  CAST(w.log0_2 AS DOUBLE) AS "views_log_day_2",
  CAST(w.log0_3 AS DOUBLE) AS "views_log_day_3",
  CAST(ln(1 + w.cumulated0_2) AS DOUBLE) AS "views_log_cumulated_day_2",
  CAST(ln(1 + w.latest0) AS DOUBLE) AS "views_log_last_day",
  CAST(ln(1 + w.latest_two0) AS DOUBLE) AS "views_log_last_two_days",
  CAST(ln(1 + w.pace0_0) - ln(1 + w.pace0_1) AS DOUBLE) AS "views_velocity",
  CAST((ln(1 + w.pace0_0) - ln(1 + w.pace0_1)) - (ln(1 + w.pace0_1) - ln(1 + w.pace0_2)) AS DOUBLE) AS "views_acceleration",
  CAST(ln(1 + w.last0) - ln(1 + w.first0) AS DOUBLE) AS "views_last_third_against_first",
  CAST(w.latest0 / nullif(w.total0, 0) AS DOUBLE) AS "views_last_day_share",
  CAST(w.peak_day0 AS DOUBLE) AS "views_peak_day",
  CAST(w.peak0 / nullif(w.total0, 0) AS DOUBLE) AS "views_peak_share",
  CAST(r.age - w.peak_day0 AS DOUBLE) AS "views_days_since_peak",
  CAST(ln(1 + w.latest0) - ln(1 + w.peak0) AS DOUBLE) AS "views_fall_from_peak",
  CAST(CASE WHEN w.total0 = 0 THEN NULL WHEN w.cumulated0_1 * 2 >= w.total0 THEN 1 WHEN w.cumulated0_2 * 2 >= w.total0 THEN 2 END AS DOUBLE) AS "views_half_day",
  CAST(w.slope0 AS DOUBLE) AS "views_growth_a_day",
  CAST(CASE WHEN w.known0 >= 3 THEN sqrt((coalesce(power(w.log0_1 - w.level0 - w.slope0 * (1 - w.middle0), 2), 0) + coalesce(power(w.log0_2 - w.level0 - w.slope0 * (2 - w.middle0), 2), 0)) / w.known0) END AS DOUBLE) AS "views_growth_spread",
  CAST(ln(1 + ((coalesce((CASE WHEN (r.day0 + 0) % 7 >= 5 THEN w.m0_1 END), 0) + coalesce((CASE WHEN (r.day0 + 1) % 7 >= 5 THEN w.m0_2 END), 0)) / nullif(CASE WHEN (CASE WHEN (r.day0 + 0) % 7 >= 5 THEN w.m0_1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN (r.day0 + 1) % 7 >= 5 THEN w.m0_2 END) IS NULL THEN 0 ELSE 1 END, 0))) - ln(1 + ((coalesce((CASE WHEN (r.day0 + 0) % 7 < 5 THEN w.m0_1 END), 0) + coalesce((CASE WHEN (r.day0 + 1) % 7 < 5 THEN w.m0_2 END), 0)) / nullif(CASE WHEN (CASE WHEN (r.day0 + 0) % 7 < 5 THEN w.m0_1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN (r.day0 + 1) % 7 < 5 THEN w.m0_2 END) IS NULL THEN 0 ELSE 1 END, 0))) AS DOUBLE) AS "views_weekend_against_weekdays",
  CAST(ln(1 + w.previews0) AS DOUBLE) AS "views_log_previews",
  CAST(ln(1 + w.earlier0) AS DOUBLE) AS "views_log_earlier_life",
  CAST(ln(1 + w.total1) AS DOUBLE) AS "likes_n_log_total",
  CAST(w.log1_1 AS DOUBLE) AS "likes_n_log_day_1",
  CAST(w.log1_2 AS DOUBLE) AS "likes_n_log_day_2",
  CAST(w.log1_3 AS DOUBLE) AS "likes_n_log_day_3",
  CAST(ln(1 + w.cumulated1_2) AS DOUBLE) AS "likes_n_log_cumulated_day_2",
  CAST(ln(1 + w.latest1) AS DOUBLE) AS "likes_n_log_last_day",
  CAST(ln(1 + w.latest_two1) AS DOUBLE) AS "likes_n_log_last_two_days",
  CAST(ln(1 + w.pace1_0) - ln(1 + w.pace1_1) AS DOUBLE) AS "likes_n_velocity",
  CAST((ln(1 + w.pace1_0) - ln(1 + w.pace1_1)) - (ln(1 + w.pace1_1) - ln(1 + w.pace1_2)) AS DOUBLE) AS "likes_n_acceleration",
  CAST(ln(1 + w.last1) - ln(1 + w.first1) AS DOUBLE) AS "likes_n_last_third_against_first",
  CAST(w.latest1 / nullif(w.total1, 0) AS DOUBLE) AS "likes_n_last_day_share",
  CAST(w.peak_day1 AS DOUBLE) AS "likes_n_peak_day",
  CAST(w.peak1 / nullif(w.total1, 0) AS DOUBLE) AS "likes_n_peak_share",
  CAST(r.age - w.peak_day1 AS DOUBLE) AS "likes_n_days_since_peak",
  CAST(ln(1 + w.latest1) - ln(1 + w.peak1) AS DOUBLE) AS "likes_n_fall_from_peak",
  CAST(CASE WHEN w.total1 = 0 THEN NULL WHEN w.cumulated1_1 * 2 >= w.total1 THEN 1 WHEN w.cumulated1_2 * 2 >= w.total1 THEN 2 END AS DOUBLE) AS "likes_n_half_day",
  CAST(w.slope1 AS DOUBLE) AS "likes_n_growth_a_day",
  CAST(CASE WHEN w.known1 >= 3 THEN sqrt((coalesce(power(w.log1_1 - w.level1 - w.slope1 * (1 - w.middle1), 2), 0) + coalesce(power(w.log1_2 - w.level1 - w.slope1 * (2 - w.middle1), 2), 0)) / w.known1) END AS DOUBLE) AS "likes_n_growth_spread",
  CAST(ln(1 + ((coalesce((CASE WHEN (r.day0 + 0) % 7 >= 5 THEN w.m1_1 END), 0) + coalesce((CASE WHEN (r.day0 + 1) % 7 >= 5 THEN w.m1_2 END), 0)) / nullif(CASE WHEN (CASE WHEN (r.day0 + 0) % 7 >= 5 THEN w.m1_1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN (r.day0 + 1) % 7 >= 5 THEN w.m1_2 END) IS NULL THEN 0 ELSE 1 END, 0))) - ln(1 + ((coalesce((CASE WHEN (r.day0 + 0) % 7 < 5 THEN w.m1_1 END), 0) + coalesce((CASE WHEN (r.day0 + 1) % 7 < 5 THEN w.m1_2 END), 0)) / nullif(CASE WHEN (CASE WHEN (r.day0 + 0) % 7 < 5 THEN w.m1_1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN (r.day0 + 1) % 7 < 5 THEN w.m1_2 END) IS NULL THEN 0 ELSE 1 END, 0))) AS DOUBLE) AS "likes_n_weekend_against_weekdays",
  CAST(ln(1 + w.previews1) AS DOUBLE) AS "likes_n_log_previews",
  CAST(ln(1 + w.earlier1) AS DOUBLE) AS "likes_n_log_earlier_life",
  CAST(ln(1 + w.total0) - ln(1 + w.total1) AS DOUBLE) AS "views_per_likes_n_log_total",
  CAST(ln(1 + w.latest0) - ln(1 + w.latest1) AS DOUBLE) AS "views_per_likes_n_log_last_day",
  CAST((ln(1 + w.last0) - ln(1 + w.last1)) - (ln(1 + w.first0) - ln(1 + w.first1)) AS DOUBLE) AS "views_per_likes_n_growth",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN (ln(1 + w.total0) - ln(1 + w.total1)) - (ln(1 + p.window0) - ln(1 + p.window1)) END AS DOUBLE) AS "views_per_likes_n_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.latest0) - ln(1 + w.latest1) - (ln(1 + p.weekday0) - ln(1 + p.weekday1)) END AS DOUBLE) AS "views_per_likes_n_last_day_against_platform",
  CAST(coalesce(v.days_observed, 0) AS DOUBLE) AS "days_observed",
  CAST(r.age - coalesce(v.days_observed, 0) AS DOUBLE) AS "days_missing",
  CAST(coalesce(v.longest_gap, r.age) AS DOUBLE) AS "longest_gap",
  CAST(v.first_day - 1 AS DOUBLE) AS "first_activity_delay",
  CAST(ln(1 + w.rows_seen) AS DOUBLE) AS "log_rows",
  CAST(coalesce(v.preview_days, 0) AS DOUBLE) AS "preview_days",
  CAST(w.earlier_life AS DOUBLE) AS "earlier_life",
  CAST(w.cumulated0_1 / nullif(w.total0, 0) AS DOUBLE) AS "early_burst_share",
  CAST(ln(1 + coalesce(c.creators, 0)) AS DOUBLE) AS "log_creators",
  CAST(c.hhi AS DOUBLE) AS "creators_hhi",
  CAST((c.creators + 1 - c.ranked) / c.creators AS DOUBLE) AS "creators_gini",
  CAST(c.top1 AS DOUBLE) AS "creators_top_1_share",
  CAST(c.top5 AS DOUBLE) AS "creators_top_5_share",
  CAST(((y.new_2) / CAST(c.creators AS DOUBLE)) AS DOUBLE) AS "late_creators_share",
  CAST((w.cumulated0_1 / nullif(w.total0, 0)) * c.hhi * (1 - ((y.new_2) / CAST(c.creators AS DOUBLE))) AS DOUBLE) AS "seeding_proxy",
  CAST(ln(1 + y.new_1) AS DOUBLE) AS "log_new_creators_day_1",
  CAST(ln(1 + y.new_2) AS DOUBLE) AS "log_new_creators_day_2",
  CAST(CAST(NULL AS DOUBLE) AS DOUBLE) AS "log_new_creators_day_3",
  CAST(coalesce(c.creators, 0) / CAST(r.age AS DOUBLE) AS DOUBLE) AS "new_creators_a_day",
  CAST(ln(1 + (y.new_2)) - ln(1 + (y.new_1)) AS DOUBLE) AS "new_creators_last_against_first",
  CAST(ln(1 + coalesce(u.videos, 0)) AS DOUBLE) AS "log_videos",
  CAST(ln(1 + coalesce(u.videos, 0)) - ln(1 + coalesce(c.creators, 0)) AS DOUBLE) AS "videos_per_creator",
  CAST(r.day0 % 7 AS DOUBLE) AS "release_weekday",
  CAST((2 * CAST(floor((r.gate + 1) / 7) AS INTEGER) + greatest(0, (r.gate + 1) % 7 - 5)) - (2 * CAST(floor(((r.day0 - 1) + 1) / 7) AS INTEGER) + greatest(0, ((r.day0 - 1) + 1) % 7 - 5)) AS DOUBLE) AS "weekend_days_seen",
  CAST(greatest(0, (2 * CAST(floor(((r.day0 + 13) + 1) / 7) AS INTEGER) + greatest(0, ((r.day0 + 13) + 1) % 7 - 5)) - (2 * CAST(floor((r.gate + 1) / 7) AS INTEGER) + greatest(0, (r.gate + 1) % 7 - 5))) AS DOUBLE) AS "weekend_days_ahead",
  CAST(month(r.release_date) AS DOUBLE) AS "release_month",
  CAST(sin(dayofyear(r.release_date) * 0.017202423838958484) AS DOUBLE) AS "season_sine",
  CAST(cos(dayofyear(r.release_date) * 0.017202423838958484) AS DOUBLE) AS "season_cosine",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.week0) END AS DOUBLE) AS "platform_views_log_7_days",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.month0) END AS DOUBLE) AS "platform_views_log_28_days",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.week0 / 7) - ln(1 + p.month0 / 28) END AS DOUBLE) AS "platform_views_week_against_month",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.total0) - ln(1 + p.window0) END AS DOUBLE) AS "views_log_share_of_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.latest0) - ln(1 + p.weekday0 / 4) END AS DOUBLE) AS "views_last_day_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN (ln(1 + w.last0) - ln(1 + w.first0)) - (ln(1 + p.last0) - ln(1 + p.first0)) END AS DOUBLE) AS "views_growth_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.week1) END AS DOUBLE) AS "platform_likes_n_log_7_days",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.month1) END AS DOUBLE) AS "platform_likes_n_log_28_days",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.week1 / 7) - ln(1 + p.month1 / 28) END AS DOUBLE) AS "platform_likes_n_week_against_month",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.total1) - ln(1 + p.window1) END AS DOUBLE) AS "likes_n_log_share_of_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.latest1) - ln(1 + p.weekday1 / 4) END AS DOUBLE) AS "likes_n_last_day_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN (ln(1 + w.last1) - ln(1 + w.first1)) - (ln(1 + p.last1) - ln(1 + p.first1)) END AS DOUBLE) AS "likes_n_growth_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 370 THEN ln(1 + x.after_1 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_1 / 7.0) END AS DOUBLE) AS "platform_season_ahead",
  CAST((coalesce(CASE WHEN z.first_day <= r.gate - 370 THEN ln(1 + x.after_1 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_1 / 7.0) END, 0) + coalesce(CASE WHEN z.first_day <= r.gate - 734 THEN ln(1 + x.after_2 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_2 / 7.0) END, 0) + coalesce(CASE WHEN z.first_day <= r.gate - 1098 THEN ln(1 + x.after_3 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_3 / 7.0) END, 0)) / nullif(CASE WHEN (CASE WHEN z.first_day <= r.gate - 370 THEN ln(1 + x.after_1 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_1 / 7.0) END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN z.first_day <= r.gate - 734 THEN ln(1 + x.after_2 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_2 / 7.0) END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN z.first_day <= r.gate - 1098 THEN ln(1 + x.after_3 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_3 / 7.0) END) IS NULL THEN 0 ELSE 1 END, 0) AS DOUBLE) AS "platform_season_ahead_3_years",
  CAST(ln(1 + coalesce(p.releases_month, 0)) AS DOUBLE) AS "platform_log_releases_28_days",
  CAST(ln(1 + greatest(0, coalesce(o.releases, 0) - CASE WHEN r.known <= r.gate AND r.gate - r.day0 < 7 THEN 1 ELSE 0 END)) AS DOUBLE) AS "rivals_log_releases",
  CAST(ln(1 + greatest(0, CAST(coalesce(o.amount, 0) - CASE WHEN r.known <= r.gate AND r.gate - r.day0 < 7 THEN w.exact_base ELSE 0 END AS DOUBLE))) AS DOUBLE) AS "rivals_log_total",
  CAST(ln(1 + w.total0) - ln(1 + greatest(0, CAST(coalesce(o.amount, 0) - CASE WHEN r.known <= r.gate AND r.gate - r.day0 < 7 THEN w.exact_base ELSE 0 END AS DOUBLE))) AS DOUBLE) AS "rivals_log_ratio",
  CAST(ln(1 + coalesce(k.others, 0)) AS DOUBLE) AS "week_log_releases",
  CAST(k.larger / CAST(nullif(k.others, 0) AS DOUBLE) AS DOUBLE) AS "week_rank",
  CAST(ln(1 + coalesce(d14.count_56, 0)) AS DOUBLE) AS "recent_56_days_log_releases_14",
  CAST(d14.total_56 / nullif(d14.count_56, 0) AS DOUBLE) AS "recent_56_days_mean_log_ratio_14",
  CAST(d14.median_56 AS DOUBLE) AS "recent_56_days_median_log_ratio_14",
  CAST(ln(1 + d14.above_56) - ln(1 + d14.below_56) AS DOUBLE) AS "recent_56_days_log_ratio_of_totals_14",
  CAST(ln(1 + coalesce(d14.count_180, 0)) AS DOUBLE) AS "recent_180_days_log_releases_14",
  CAST(d14.total_180 / nullif(d14.count_180, 0) AS DOUBLE) AS "recent_180_days_mean_log_ratio_14",
  CAST(d14.median_180 AS DOUBLE) AS "recent_180_days_median_log_ratio_14",
  CAST(ln(1 + d14.above_180) - ln(1 + d14.below_180) AS DOUBLE) AS "recent_180_days_log_ratio_of_totals_14",
  CAST(ln(1 + coalesce(d14.count_400, 0)) AS DOUBLE) AS "recent_400_days_log_releases_14",
  CAST(d14.total_400 / nullif(d14.count_400, 0) AS DOUBLE) AS "recent_400_days_mean_log_ratio_14",
  CAST(d14.median_400 AS DOUBLE) AS "recent_400_days_median_log_ratio_14",
  CAST(ln(1 + d14.above_400) - ln(1 + d14.below_400) AS DOUBLE) AS "recent_400_days_log_ratio_of_totals_14",
  CAST(CASE WHEN e14.count >= 5 THEN e14.median END AS DOUBLE) AS "recent_weekday_median_log_ratio_14",
  CAST(CASE WHEN track_artist.last_day0 IS NULL THEN 1 ELSE 0 END AS DOUBLE) AS "artist_no_history",
  CAST(r.day0 - track_artist.last_day0 AS DOUBLE) AS "artist_days_since_last",
  CAST(ln(1 + coalesce(track_artist.count_14, 0)) AS DOUBLE) AS "artist_log_mature_14",
  CAST((coalesce(CAST(track_artist.size_14 AS DOUBLE), 0) + 3 * CAST(track_all.size_14 AS DOUBLE) / nullif(track_all.count_14, 0)) / (coalesce(track_artist.count_14, 0) + 3) AS DOUBLE) AS "artist_mean_log_outcome_14",
  CAST((coalesce(CAST(track_artist.ratio_14 AS DOUBLE), 0) + 3 * CAST(track_all.ratio_14 AS DOUBLE) / nullif(track_all.ratios_14, 0)) / (coalesce(track_artist.ratios_14, 0) + 3) AS DOUBLE) AS "artist_mean_log_ratio_14",
  CAST(track_artist.best_14 AS DOUBLE) AS "artist_best_log_outcome_14",
  CAST(CASE WHEN track_a0.last_day0 IS NULL THEN 1 ELSE 0 END AS DOUBLE) AS "label_no_history",
  CAST(r.day0 - track_a0.last_day0 AS DOUBLE) AS "label_days_since_last",
  CAST(ln(1 + coalesce(track_a0.count_14, 0)) AS DOUBLE) AS "label_log_mature_14",
  CAST((coalesce(CAST(track_a0.size_14 AS DOUBLE), 0) + 3 * CAST(track_all.size_14 AS DOUBLE) / nullif(track_all.count_14, 0)) / (coalesce(track_a0.count_14, 0) + 3) AS DOUBLE) AS "label_mean_log_outcome_14",
  CAST((coalesce(CAST(track_a0.ratio_14 AS DOUBLE), 0) + 3 * CAST(track_all.ratio_14 AS DOUBLE) / nullif(track_all.ratios_14, 0)) / (coalesce(track_a0.ratios_14, 0) + 3) AS DOUBLE) AS "label_mean_log_ratio_14",
  CAST(track_a0.best_14 AS DOUBLE) AS "label_best_log_outcome_14",
  CASE WHEN r.known <= r.gate THEN r.a0 END AS "label",
  CAST(CASE WHEN r.known <= r.gate THEN r.a1 END AS DOUBLE) AS "tempo"
FROM gate_wanted AS r
JOIN gate_shapes AS w ON w.rid = r.rid
LEFT JOIN gate_activity AS v ON v.rid = r.rid
LEFT JOIN gate_concentration AS c ON c.rid = r.rid
LEFT JOIN gate_newcomers AS y ON y.rid = r.rid
LEFT JOIN gate_videos AS u ON u.rid = r.rid
LEFT JOIN gate_reach AS z ON z.gate = r.gate
LEFT JOIN gate_levels AS p ON p.gate = r.gate AND p.age = r.age
LEFT JOIN gate_seasons AS x ON x.gate = r.gate AND x.age = r.age
LEFT JOIN gate_rivals AS o ON o.gate = r.gate
LEFT JOIN gate_ranks AS k ON k.rid = r.rid
LEFT JOIN gate_decays AS d14 ON d14.sunday = (r.gate - (r.gate + 1) % 7) AND d14.age = r.age AND d14.horizon = 14
LEFT JOIN gate_decays_weekday AS e14 ON e14.sunday = (r.gate - (r.gate + 1) % 7) AND e14.age = r.age AND e14.weekday = r.day0 % 7 AND e14.horizon = 14
LEFT JOIN gate_track_all AS track_all ON track_all.gate = r.gate AND track_all.age = r.age
LEFT JOIN gate_askers AS asker ON asker.rid = r.rid
LEFT JOIN gate_track_artist AS track_artist ON track_artist.owner = asker.artist AND track_artist.gate = r.gate AND track_artist.age = r.age
LEFT JOIN gate_track_a0 AS track_a0 ON track_a0.owner = asker.a0 AND track_a0.gate = r.gate AND track_a0.age = r.age;

-- the features
WITH
gate_window AS (
SELECT
  r.rid,
  r.age,
  coalesce(sum(CASE WHEN d.n >= 1 THEN d.rows_seen END), 0) AS rows_seen,
  max(CASE WHEN d.n = 1 THEN CAST(d.m0 AS DOUBLE) END) AS m0_1,
  max(CASE WHEN d.n = 2 THEN CAST(d.m0 AS DOUBLE) END) AS m0_2,
  CAST(NULL AS DOUBLE) AS m0_3,
  CAST(coalesce(sum(CASE WHEN d.n > -60 AND d.n < 1 THEN d.m0 END), 0) AS DOUBLE) AS previews0,
  CAST(coalesce(sum(CASE WHEN d.n <= -60 THEN d.m0 END), 0) AS DOUBLE) AS earlier0,
  max(CASE WHEN d.n = 1 THEN CAST(d.m1 AS DOUBLE) END) AS m1_1,
  max(CASE WHEN d.n = 2 THEN CAST(d.m1 AS DOUBLE) END) AS m1_2,
  CAST(NULL AS DOUBLE) AS m1_3,
  CAST(coalesce(sum(CASE WHEN d.n > -60 AND d.n < 1 THEN d.m1 END), 0) AS DOUBLE) AS previews1,
  CAST(coalesce(sum(CASE WHEN d.n <= -60 THEN d.m1 END), 0) AS DOUBLE) AS earlier1,
  coalesce(sum(CASE WHEN d.n >= 1 THEN d.m0 END), 0) AS exact_base,
  max(CASE WHEN d.n <= -60 THEN 1 ELSE 0 END) AS earlier_life
FROM gate_wanted AS r
LEFT JOIN gate_days AS d ON d.rid = r.rid
GROUP BY r.rid, r.age
),
gate_logs AS (
SELECT
  w.*,
  ln(1 + m0_1) AS log0_1,
  ln(1 + m0_2) AS log0_2,
  ln(1 + m0_3) AS log0_3,
  coalesce(m0_1, 0) AS cumulated0_1,
  coalesce(m0_1, 0) + coalesce(m0_2, 0) AS cumulated0_2,
  coalesce(m0_1, 0) + coalesce(m0_2, 0) AS total0,
  greatest(m0_1, m0_2) AS peak0,
  ((coalesce(ln(1 + m0_1), 0) + coalesce(ln(1 + m0_2), 0)) / nullif(CASE WHEN ln(1 + m0_1) IS NULL THEN 0 ELSE 1 END + CASE WHEN ln(1 + m0_2) IS NULL THEN 0 ELSE 1 END, 0)) AS level0,
  ((coalesce((CASE WHEN m0_1 IS NOT NULL THEN 1 END), 0) + coalesce((CASE WHEN m0_2 IS NOT NULL THEN 2 END), 0)) / nullif(CASE WHEN (CASE WHEN m0_1 IS NOT NULL THEN 1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN m0_2 IS NOT NULL THEN 2 END) IS NULL THEN 0 ELSE 1 END, 0)) AS middle0,
  CASE WHEN m0_1 IS NULL THEN 0 ELSE 1 END + CASE WHEN m0_2 IS NULL THEN 0 ELSE 1 END AS known0,
  m0_1 AS first0,
  m0_2 AS last0,
  m0_2 AS latest0,
  ((coalesce(m0_1, 0) + coalesce(m0_2, 0)) / nullif(CASE WHEN m0_1 IS NULL THEN 0 ELSE 1 END + CASE WHEN m0_2 IS NULL THEN 0 ELSE 1 END, 0)) AS latest_two0,
  m0_2 AS pace0_0,
  m0_1 AS pace0_1,
  CAST(NULL AS DOUBLE) AS pace0_2,
  ln(1 + m1_1) AS log1_1,
  ln(1 + m1_2) AS log1_2,
  ln(1 + m1_3) AS log1_3,
  coalesce(m1_1, 0) AS cumulated1_1,
  coalesce(m1_1, 0) + coalesce(m1_2, 0) AS cumulated1_2,
  coalesce(m1_1, 0) + coalesce(m1_2, 0) AS total1,
  greatest(m1_1, m1_2) AS peak1,
  ((coalesce(ln(1 + m1_1), 0) + coalesce(ln(1 + m1_2), 0)) / nullif(CASE WHEN ln(1 + m1_1) IS NULL THEN 0 ELSE 1 END + CASE WHEN ln(1 + m1_2) IS NULL THEN 0 ELSE 1 END, 0)) AS level1,
  ((coalesce((CASE WHEN m1_1 IS NOT NULL THEN 1 END), 0) + coalesce((CASE WHEN m1_2 IS NOT NULL THEN 2 END), 0)) / nullif(CASE WHEN (CASE WHEN m1_1 IS NOT NULL THEN 1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN m1_2 IS NOT NULL THEN 2 END) IS NULL THEN 0 ELSE 1 END, 0)) AS middle1,
  CASE WHEN m1_1 IS NULL THEN 0 ELSE 1 END + CASE WHEN m1_2 IS NULL THEN 0 ELSE 1 END AS known1,
  m1_1 AS first1,
  m1_2 AS last1,
  m1_2 AS latest1,
  ((coalesce(m1_1, 0) + coalesce(m1_2, 0)) / nullif(CASE WHEN m1_1 IS NULL THEN 0 ELSE 1 END + CASE WHEN m1_2 IS NULL THEN 0 ELSE 1 END, 0)) AS latest_two1,
  m1_2 AS pace1_0,
  m1_1 AS pace1_1,
  CAST(NULL AS DOUBLE) AS pace1_2
FROM gate_window AS w
),
gate_shapes AS (
SELECT
  l.*,
  (coalesce((1 - middle0) * (log0_1 - level0), 0) + coalesce((2 - middle0) * (log0_2 - level0), 0)) / nullif(CASE WHEN m0_1 IS NULL THEN 0 ELSE (1 - middle0) * (1 - middle0) END + CASE WHEN m0_2 IS NULL THEN 0 ELSE (2 - middle0) * (2 - middle0) END, 0) AS slope0,
  CASE WHEN m0_1 = peak0 THEN 1 WHEN m0_2 = peak0 THEN 2 END AS peak_day0,
  (coalesce((1 - middle1) * (log1_1 - level1), 0) + coalesce((2 - middle1) * (log1_2 - level1), 0)) / nullif(CASE WHEN m1_1 IS NULL THEN 0 ELSE (1 - middle1) * (1 - middle1) END + CASE WHEN m1_2 IS NULL THEN 0 ELSE (2 - middle1) * (2 - middle1) END, 0) AS slope1,
  CASE WHEN m1_1 = peak1 THEN 1 WHEN m1_2 = peak1 THEN 2 END AS peak_day1
FROM gate_logs AS l
)
SELECT
  r.rid AS "#rid",
  r.release AS "#release",
  r.release_date AS "#release_date",
  r.age AS "#age",
  CASE WHEN r.known <= r.gate THEN r.artist END AS "#artist",
  CASE WHEN r.known <= r.gate THEN 0 ELSE 1 END AS "#listed_late",
  CASE WHEN z.first_day <= r.gate - 27 THEN 0 ELSE 1 END AS "#out_of_reach",
  w.m0_1 AS "#m0_1",
  w.m0_2 AS "#m0_2",
  w.m0_3 AS "#m0_3",
  w.m1_1 AS "#m1_1",
  w.m1_2 AS "#m1_2",
  w.m1_3 AS "#m1_3",
  CAST(ln(1 + w.total0) AS DOUBLE) AS "views_log_total",
  CAST(w.log0_1 AS DOUBLE) AS "views_log_day_1",
  CAST(w.log0_2 AS DOUBLE) AS "views_log_day_2",
  CAST(w.log0_3 AS DOUBLE) AS "views_log_day_3",
  CAST(ln(1 + w.cumulated0_2) AS DOUBLE) AS "views_log_cumulated_day_2",
  CAST(ln(1 + w.latest0) AS DOUBLE) AS "views_log_last_day",
  CAST(ln(1 + w.latest_two0) AS DOUBLE) AS "views_log_last_two_days",
  CAST(ln(1 + w.pace0_0) - ln(1 + w.pace0_1) AS DOUBLE) AS "views_velocity",
  CAST((ln(1 + w.pace0_0) - ln(1 + w.pace0_1)) - (ln(1 + w.pace0_1) - ln(1 + w.pace0_2)) AS DOUBLE) AS "views_acceleration",
  CAST(ln(1 + w.last0) - ln(1 + w.first0) AS DOUBLE) AS "views_last_third_against_first",
  CAST(w.latest0 / nullif(w.total0, 0) AS DOUBLE) AS "views_last_day_share",
  CAST(w.peak_day0 AS DOUBLE) AS "views_peak_day",
  CAST(w.peak0 / nullif(w.total0, 0) AS DOUBLE) AS "views_peak_share",
  CAST(r.age - w.peak_day0 AS DOUBLE) AS "views_days_since_peak",
  CAST(ln(1 + w.latest0) - ln(1 + w.peak0) AS DOUBLE) AS "views_fall_from_peak",
  CAST(CASE WHEN w.total0 = 0 THEN NULL WHEN w.cumulated0_1 * 2 >= w.total0 THEN 1 WHEN w.cumulated0_2 * 2 >= w.total0 THEN 2 END AS DOUBLE) AS "views_half_day",
  CAST(w.slope0 AS DOUBLE) AS "views_growth_a_day",
  CAST(CASE WHEN w.known0 >= 3 THEN sqrt((coalesce(power(w.log0_1 - w.level0 - w.slope0 * (1 - w.middle0), 2), 0) + coalesce(power(w.log0_2 - w.level0 - w.slope0 * (2 - w.middle0), 2), 0)) / w.known0) END AS DOUBLE) AS "views_growth_spread",
  CAST(ln(1 + ((coalesce((CASE WHEN (r.day0 + 0) % 7 >= 5 THEN w.m0_1 END), 0) + coalesce((CASE WHEN (r.day0 + 1) % 7 >= 5 THEN w.m0_2 END), 0)) / nullif(CASE WHEN (CASE WHEN (r.day0 + 0) % 7 >= 5 THEN w.m0_1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN (r.day0 + 1) % 7 >= 5 THEN w.m0_2 END) IS NULL THEN 0 ELSE 1 END, 0))) - ln(1 + ((coalesce((CASE WHEN (r.day0 + 0) % 7 < 5 THEN w.m0_1 END), 0) + coalesce((CASE WHEN (r.day0 + 1) % 7 < 5 THEN w.m0_2 END), 0)) / nullif(CASE WHEN (CASE WHEN (r.day0 + 0) % 7 < 5 THEN w.m0_1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN (r.day0 + 1) % 7 < 5 THEN w.m0_2 END) IS NULL THEN 0 ELSE 1 END, 0))) AS DOUBLE) AS "views_weekend_against_weekdays",
  CAST(ln(1 + w.previews0) AS DOUBLE) AS "views_log_previews",
  CAST(ln(1 + w.earlier0) AS DOUBLE) AS "views_log_earlier_life",
  CAST(ln(1 + w.total1) AS DOUBLE) AS "likes_n_log_total",
  CAST(w.log1_1 AS DOUBLE) AS "likes_n_log_day_1",
  CAST(w.log1_2 AS DOUBLE) AS "likes_n_log_day_2",
  CAST(w.log1_3 AS DOUBLE) AS "likes_n_log_day_3",
  CAST(ln(1 + w.cumulated1_2) AS DOUBLE) AS "likes_n_log_cumulated_day_2",
  CAST(ln(1 + w.latest1) AS DOUBLE) AS "likes_n_log_last_day",
  CAST(ln(1 + w.latest_two1) AS DOUBLE) AS "likes_n_log_last_two_days",
  CAST(ln(1 + w.pace1_0) - ln(1 + w.pace1_1) AS DOUBLE) AS "likes_n_velocity",
  CAST((ln(1 + w.pace1_0) - ln(1 + w.pace1_1)) - (ln(1 + w.pace1_1) - ln(1 + w.pace1_2)) AS DOUBLE) AS "likes_n_acceleration",
  CAST(ln(1 + w.last1) - ln(1 + w.first1) AS DOUBLE) AS "likes_n_last_third_against_first",
  CAST(w.latest1 / nullif(w.total1, 0) AS DOUBLE) AS "likes_n_last_day_share",
  CAST(w.peak_day1 AS DOUBLE) AS "likes_n_peak_day",
  CAST(w.peak1 / nullif(w.total1, 0) AS DOUBLE) AS "likes_n_peak_share",
  CAST(r.age - w.peak_day1 AS DOUBLE) AS "likes_n_days_since_peak",
  CAST(ln(1 + w.latest1) - ln(1 + w.peak1) AS DOUBLE) AS "likes_n_fall_from_peak",
  CAST(CASE WHEN w.total1 = 0 THEN NULL WHEN w.cumulated1_1 * 2 >= w.total1 THEN 1 WHEN w.cumulated1_2 * 2 >= w.total1 THEN 2 END AS DOUBLE) AS "likes_n_half_day",
  CAST(w.slope1 AS DOUBLE) AS "likes_n_growth_a_day",
  CAST(CASE WHEN w.known1 >= 3 THEN sqrt((coalesce(power(w.log1_1 - w.level1 - w.slope1 * (1 - w.middle1), 2), 0) + coalesce(power(w.log1_2 - w.level1 - w.slope1 * (2 - w.middle1), 2), 0)) / w.known1) END AS DOUBLE) AS "likes_n_growth_spread",
  CAST(ln(1 + ((coalesce((CASE WHEN (r.day0 + 0) % 7 >= 5 THEN w.m1_1 END), 0) + coalesce((CASE WHEN (r.day0 + 1) % 7 >= 5 THEN w.m1_2 END), 0)) / nullif(CASE WHEN (CASE WHEN (r.day0 + 0) % 7 >= 5 THEN w.m1_1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN (r.day0 + 1) % 7 >= 5 THEN w.m1_2 END) IS NULL THEN 0 ELSE 1 END, 0))) - ln(1 + ((coalesce((CASE WHEN (r.day0 + 0) % 7 < 5 THEN w.m1_1 END), 0) + coalesce((CASE WHEN (r.day0 + 1) % 7 < 5 THEN w.m1_2 END), 0)) / nullif(CASE WHEN (CASE WHEN (r.day0 + 0) % 7 < 5 THEN w.m1_1 END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN (r.day0 + 1) % 7 < 5 THEN w.m1_2 END) IS NULL THEN 0 ELSE 1 END, 0))) AS DOUBLE) AS "likes_n_weekend_against_weekdays",
  CAST(ln(1 + w.previews1) AS DOUBLE) AS "likes_n_log_previews",
  CAST(ln(1 + w.earlier1) AS DOUBLE) AS "likes_n_log_earlier_life",
  CAST(ln(1 + w.total0) - ln(1 + w.total1) AS DOUBLE) AS "views_per_likes_n_log_total",
  CAST(ln(1 + w.latest0) - ln(1 + w.latest1) AS DOUBLE) AS "views_per_likes_n_log_last_day",
  CAST((ln(1 + w.last0) - ln(1 + w.last1)) - (ln(1 + w.first0) - ln(1 + w.first1)) AS DOUBLE) AS "views_per_likes_n_growth",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN (ln(1 + w.total0) - ln(1 + w.total1)) - (ln(1 + p.window0) - ln(1 + p.window1)) END AS DOUBLE) AS "views_per_likes_n_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.latest0) - ln(1 + w.latest1) - (ln(1 + p.weekday0) - ln(1 + p.weekday1)) END AS DOUBLE) AS "views_per_likes_n_last_day_against_platform",
  CAST(coalesce(v.days_observed, 0) AS DOUBLE) AS "days_observed",
  CAST(r.age - coalesce(v.days_observed, 0) AS DOUBLE) AS "days_missing",
  CAST(coalesce(v.longest_gap, r.age) AS DOUBLE) AS "longest_gap",
  CAST(v.first_day - 1 AS DOUBLE) AS "first_activity_delay",
  CAST(ln(1 + w.rows_seen) AS DOUBLE) AS "log_rows",
  CAST(coalesce(v.preview_days, 0) AS DOUBLE) AS "preview_days",
  CAST(w.earlier_life AS DOUBLE) AS "earlier_life",
  CAST(w.cumulated0_1 / nullif(w.total0, 0) AS DOUBLE) AS "early_burst_share",
  CAST(ln(1 + coalesce(c.creators, 0)) AS DOUBLE) AS "log_creators",
  CAST(c.hhi AS DOUBLE) AS "creators_hhi",
  CAST((c.creators + 1 - c.ranked) / c.creators AS DOUBLE) AS "creators_gini",
  CAST(c.top1 AS DOUBLE) AS "creators_top_1_share",
  CAST(c.top5 AS DOUBLE) AS "creators_top_5_share",
  CAST(((y.new_2) / CAST(c.creators AS DOUBLE)) AS DOUBLE) AS "late_creators_share",
  CAST((w.cumulated0_1 / nullif(w.total0, 0)) * c.hhi * (1 - ((y.new_2) / CAST(c.creators AS DOUBLE))) AS DOUBLE) AS "seeding_proxy",
  CAST(ln(1 + y.new_1) AS DOUBLE) AS "log_new_creators_day_1",
  CAST(ln(1 + y.new_2) AS DOUBLE) AS "log_new_creators_day_2",
  CAST(CAST(NULL AS DOUBLE) AS DOUBLE) AS "log_new_creators_day_3",
  CAST(coalesce(c.creators, 0) / CAST(r.age AS DOUBLE) AS DOUBLE) AS "new_creators_a_day",
  CAST(ln(1 + (y.new_2)) - ln(1 + (y.new_1)) AS DOUBLE) AS "new_creators_last_against_first",
  CAST(ln(1 + coalesce(u.videos, 0)) AS DOUBLE) AS "log_videos",
  CAST(ln(1 + coalesce(u.videos, 0)) - ln(1 + coalesce(c.creators, 0)) AS DOUBLE) AS "videos_per_creator",
  CAST(r.day0 % 7 AS DOUBLE) AS "release_weekday",
  CAST((2 * CAST(floor((r.gate + 1) / 7) AS INTEGER) + greatest(0, (r.gate + 1) % 7 - 5)) - (2 * CAST(floor(((r.day0 - 1) + 1) / 7) AS INTEGER) + greatest(0, ((r.day0 - 1) + 1) % 7 - 5)) AS DOUBLE) AS "weekend_days_seen",
  CAST(greatest(0, (2 * CAST(floor(((r.day0 + 13) + 1) / 7) AS INTEGER) + greatest(0, ((r.day0 + 13) + 1) % 7 - 5)) - (2 * CAST(floor((r.gate + 1) / 7) AS INTEGER) + greatest(0, (r.gate + 1) % 7 - 5))) AS DOUBLE) AS "weekend_days_ahead",
  CAST(month(r.release_date) AS DOUBLE) AS "release_month",
  CAST(sin(dayofyear(r.release_date) * 0.017202423838958484) AS DOUBLE) AS "season_sine",
  CAST(cos(dayofyear(r.release_date) * 0.017202423838958484) AS DOUBLE) AS "season_cosine",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.week0) END AS DOUBLE) AS "platform_views_log_7_days",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.month0) END AS DOUBLE) AS "platform_views_log_28_days",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.week0 / 7) - ln(1 + p.month0 / 28) END AS DOUBLE) AS "platform_views_week_against_month",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.total0) - ln(1 + p.window0) END AS DOUBLE) AS "views_log_share_of_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.latest0) - ln(1 + p.weekday0 / 4) END AS DOUBLE) AS "views_last_day_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN (ln(1 + w.last0) - ln(1 + w.first0)) - (ln(1 + p.last0) - ln(1 + p.first0)) END AS DOUBLE) AS "views_growth_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.week1) END AS DOUBLE) AS "platform_likes_n_log_7_days",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.month1) END AS DOUBLE) AS "platform_likes_n_log_28_days",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + p.week1 / 7) - ln(1 + p.month1 / 28) END AS DOUBLE) AS "platform_likes_n_week_against_month",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.total1) - ln(1 + p.window1) END AS DOUBLE) AS "likes_n_log_share_of_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN ln(1 + w.latest1) - ln(1 + p.weekday1 / 4) END AS DOUBLE) AS "likes_n_last_day_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 27 THEN (ln(1 + w.last1) - ln(1 + w.first1)) - (ln(1 + p.last1) - ln(1 + p.first1)) END AS DOUBLE) AS "likes_n_growth_against_platform",
  CAST(CASE WHEN z.first_day <= r.gate - 370 THEN ln(1 + x.after_1 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_1 / 7.0) END AS DOUBLE) AS "platform_season_ahead",
  CAST((coalesce(CASE WHEN z.first_day <= r.gate - 370 THEN ln(1 + x.after_1 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_1 / 7.0) END, 0) + coalesce(CASE WHEN z.first_day <= r.gate - 734 THEN ln(1 + x.after_2 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_2 / 7.0) END, 0) + coalesce(CASE WHEN z.first_day <= r.gate - 1098 THEN ln(1 + x.after_3 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_3 / 7.0) END, 0)) / nullif(CASE WHEN (CASE WHEN z.first_day <= r.gate - 370 THEN ln(1 + x.after_1 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_1 / 7.0) END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN z.first_day <= r.gate - 734 THEN ln(1 + x.after_2 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_2 / 7.0) END) IS NULL THEN 0 ELSE 1 END + CASE WHEN (CASE WHEN z.first_day <= r.gate - 1098 THEN ln(1 + x.after_3 / CAST(x.ahead AS DOUBLE)) - ln(1 + x.before_3 / 7.0) END) IS NULL THEN 0 ELSE 1 END, 0) AS DOUBLE) AS "platform_season_ahead_3_years",
  CAST(ln(1 + coalesce(p.releases_month, 0)) AS DOUBLE) AS "platform_log_releases_28_days",
  CAST(ln(1 + greatest(0, coalesce(o.releases, 0) - CASE WHEN r.known <= r.gate AND r.gate - r.day0 < 7 THEN 1 ELSE 0 END)) AS DOUBLE) AS "rivals_log_releases",
  CAST(ln(1 + greatest(0, CAST(coalesce(o.amount, 0) - CASE WHEN r.known <= r.gate AND r.gate - r.day0 < 7 THEN w.exact_base ELSE 0 END AS DOUBLE))) AS DOUBLE) AS "rivals_log_total",
  CAST(ln(1 + w.total0) - ln(1 + greatest(0, CAST(coalesce(o.amount, 0) - CASE WHEN r.known <= r.gate AND r.gate - r.day0 < 7 THEN w.exact_base ELSE 0 END AS DOUBLE))) AS DOUBLE) AS "rivals_log_ratio",
  CAST(ln(1 + coalesce(k.others, 0)) AS DOUBLE) AS "week_log_releases",
  CAST(k.larger / CAST(nullif(k.others, 0) AS DOUBLE) AS DOUBLE) AS "week_rank",
  CAST(ln(1 + coalesce(d14.count_56, 0)) AS DOUBLE) AS "recent_56_days_log_releases_14",
  CAST(d14.total_56 / nullif(d14.count_56, 0) AS DOUBLE) AS "recent_56_days_mean_log_ratio_14",
  CAST(d14.median_56 AS DOUBLE) AS "recent_56_days_median_log_ratio_14",
  CAST(ln(1 + d14.above_56) - ln(1 + d14.below_56) AS DOUBLE) AS "recent_56_days_log_ratio_of_totals_14",
  CAST(ln(1 + coalesce(d14.count_180, 0)) AS DOUBLE) AS "recent_180_days_log_releases_14",
  CAST(d14.total_180 / nullif(d14.count_180, 0) AS DOUBLE) AS "recent_180_days_mean_log_ratio_14",
  CAST(d14.median_180 AS DOUBLE) AS "recent_180_days_median_log_ratio_14",
  CAST(ln(1 + d14.above_180) - ln(1 + d14.below_180) AS DOUBLE) AS "recent_180_days_log_ratio_of_totals_14",
  CAST(ln(1 + coalesce(d14.count_400, 0)) AS DOUBLE) AS "recent_400_days_log_releases_14",
  CAST(d14.total_400 / nullif(d14.count_400, 0) AS DOUBLE) AS "recent_400_days_mean_log_ratio_14",
  CAST(d14.median_400 AS DOUBLE) AS "recent_400_days_median_log_ratio_14",
  CAST(ln(1 + d14.above_400) - ln(1 + d14.below_400) AS DOUBLE) AS "recent_400_days_log_ratio_of_totals_14",
  CAST(CASE WHEN e14.count >= 5 THEN e14.median END AS DOUBLE) AS "recent_weekday_median_log_ratio_14",
  CAST(CASE WHEN track_artist.last_day0 IS NULL THEN 1 ELSE 0 END AS DOUBLE) AS "artist_no_history",
  CAST(r.day0 - track_artist.last_day0 AS DOUBLE) AS "artist_days_since_last",
  CAST(ln(1 + coalesce(track_artist.count_14, 0)) AS DOUBLE) AS "artist_log_mature_14",
  CAST((coalesce(CAST(track_artist.size_14 AS DOUBLE), 0) + 3 * CAST(track_all.size_14 AS DOUBLE) / nullif(track_all.count_14, 0)) / (coalesce(track_artist.count_14, 0) + 3) AS DOUBLE) AS "artist_mean_log_outcome_14",
  CAST((coalesce(CAST(track_artist.ratio_14 AS DOUBLE), 0) + 3 * CAST(track_all.ratio_14 AS DOUBLE) / nullif(track_all.ratios_14, 0)) / (coalesce(track_artist.ratios_14, 0) + 3) AS DOUBLE) AS "artist_mean_log_ratio_14",
  CAST(track_artist.best_14 AS DOUBLE) AS "artist_best_log_outcome_14",
  CAST(CASE WHEN track_a0.last_day0 IS NULL THEN 1 ELSE 0 END AS DOUBLE) AS "label_no_history",
  CAST(r.day0 - track_a0.last_day0 AS DOUBLE) AS "label_days_since_last",
  CAST(ln(1 + coalesce(track_a0.count_14, 0)) AS DOUBLE) AS "label_log_mature_14",
  CAST((coalesce(CAST(track_a0.size_14 AS DOUBLE), 0) + 3 * CAST(track_all.size_14 AS DOUBLE) / nullif(track_all.count_14, 0)) / (coalesce(track_a0.count_14, 0) + 3) AS DOUBLE) AS "label_mean_log_outcome_14",
  CAST((coalesce(CAST(track_a0.ratio_14 AS DOUBLE), 0) + 3 * CAST(track_all.ratio_14 AS DOUBLE) / nullif(track_all.ratios_14, 0)) / (coalesce(track_a0.ratios_14, 0) + 3) AS DOUBLE) AS "label_mean_log_ratio_14",
  CAST(track_a0.best_14 AS DOUBLE) AS "label_best_log_outcome_14",
  CASE WHEN r.known <= r.gate THEN r.a0 END AS "label",
  CAST(CASE WHEN r.known <= r.gate THEN r.a1 END AS DOUBLE) AS "tempo"
FROM gate_wanted AS r
JOIN gate_shapes AS w ON w.rid = r.rid
LEFT JOIN gate_activity AS v ON v.rid = r.rid
LEFT JOIN gate_concentration AS c ON c.rid = r.rid
LEFT JOIN gate_newcomers AS y ON y.rid = r.rid
LEFT JOIN gate_videos AS u ON u.rid = r.rid
LEFT JOIN gate_reach AS z ON z.gate = r.gate
LEFT JOIN gate_levels AS p ON p.gate = r.gate AND p.age = r.age
LEFT JOIN gate_seasons AS x ON x.gate = r.gate AND x.age = r.age
LEFT JOIN gate_rivals AS o ON o.gate = r.gate
LEFT JOIN gate_ranks AS k ON k.rid = r.rid
LEFT JOIN gate_decays AS d14 ON d14.sunday = (r.gate - (r.gate + 1) % 7) AND d14.age = r.age AND d14.horizon = 14
LEFT JOIN gate_decays_weekday AS e14 ON e14.sunday = (r.gate - (r.gate + 1) % 7) AND e14.age = r.age AND e14.weekday = r.day0 % 7 AND e14.horizon = 14
LEFT JOIN gate_track_all AS track_all ON track_all.gate = r.gate AND track_all.age = r.age
LEFT JOIN gate_askers AS asker ON asker.rid = r.rid
LEFT JOIN gate_track_artist AS track_artist ON track_artist.owner = asker.artist AND track_artist.gate = r.gate AND track_artist.age = r.age
LEFT JOIN gate_track_a0 AS track_a0 ON track_a0.owner = asker.a0 AND track_a0.gate = r.gate AND track_a0.age = r.age;
