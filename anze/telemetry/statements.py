"""The SQL of one group commit. It runs on a temporary table that holds the batch.

Every table is written in one order and sorted by key: two gateways wait for each other, never in a ring.
"""

from __future__ import annotations

from typing import LiteralString

# Once for a connection: what is staged goes with its transaction, the tables stay.
STAGE: LiteralString = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged (
    seq integer, terminal_id bigint, device_time timestamptz, digest bigint, received_at timestamptz,
    longitude integer, latitude integer, altitude integer, speed integer, direction integer,
    alarm bigint, status bigint,
    mileage bigint, recorder_speed integer,  -- -1: none
    source smallint,
    again boolean,  -- the same as an earlier row of the batch
    items bytea
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS placed (
    LIKE staged, vehicle_id bigint, company_id bigint, fresh boolean
) ON COMMIT DELETE ROWS
"""
COPY: LiteralString = "COPY pg_temp.staged FROM STDIN (FORMAT binary)"

# The vehicle and company of that moment; new to us, or seen before.
PLACE: LiteralString = """
WITH found AS (
    SELECT s.*, i.vehicle_id, i.company_id FROM pg_temp.staged s
    JOIN telemetry.installation i ON i.terminal_id = s.terminal_id
        AND i.since <= s.device_time AND (i.until IS NULL OR s.device_time < i.until)
), new AS (
    INSERT INTO telemetry.identity (terminal_id, device_time, digest)
    SELECT terminal_id, device_time, digest FROM found WHERE NOT again ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING RETURNING terminal_id, device_time, digest
)
INSERT INTO pg_temp.placed
SELECT found.*, NOT again AND new.digest IS NOT NULL
FROM found LEFT JOIN new USING (terminal_id, device_time, digest)
"""
STORE: LiteralString = """
INSERT INTO telemetry.position (
    received_at, device_time, terminal_id, vehicle_id, company_id, digest, longitude, latitude, altitude,
    speed, direction, alarm, status, mileage, recorder_speed, source, items)
SELECT received_at, device_time, terminal_id, vehicle_id, company_id, digest, longitude, latitude, altitude,
    speed, direction, alarm, status, nullif(mileage, -1), nullif(recorder_speed, -1), source, items
FROM pg_temp.placed WHERE fresh
"""
# For the authority's platforms that the company is linked to.
UPWARD: LiteralString = """
INSERT INTO telemetry.upward (uplink_id, received_at, device_time, terminal_id, vehicle_id, longitude,
    latitude, altitude, speed, direction, alarm, status, source, items)
SELECT u.id, p.received_at, p.device_time, p.terminal_id, p.vehicle_id, p.longitude, p.latitude, p.altitude,
    p.speed, p.direction, p.alarm, p.status, p.source, p.items
FROM pg_temp.placed p JOIN telemetry.uplink u ON u.company_id = p.company_id AND u.enabled
WHERE p.fresh ORDER BY p.received_at, p.seq
"""
# Ten reports at the usual thirty seconds are missing; the rules ask for longer silences.
GAPS: LiteralString = """
WITH forward AS (
    SELECT p.vehicle_id, p.company_id, p.terminal_id, p.device_time, coalesce(
        lag(p.device_time) OVER (PARTITION BY p.vehicle_id ORDER BY p.device_time), l.device_time) AS before
    FROM pg_temp.placed p LEFT JOIN telemetry.latest l USING (vehicle_id)
    WHERE p.fresh AND p.device_time <= p.received_at + INTERVAL '10 minutes'
        AND (l.device_time IS NULL OR p.device_time > l.device_time)
)
INSERT INTO telemetry.gap (vehicle_id, since, until, company_id, terminal_id)
SELECT vehicle_id, before, device_time, company_id, terminal_id FROM forward
WHERE device_time > before + INTERVAL '5 minutes' ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""
FILL: LiteralString = """
UPDATE telemetry.gap g SET filled = filled + late.positions FROM (
    SELECT g.vehicle_id, g.since, count(*) AS positions FROM pg_temp.placed p
    JOIN telemetry.latest l USING (vehicle_id)
    JOIN telemetry.gap g USING (vehicle_id)
    WHERE p.fresh AND p.device_time < l.device_time AND g.since < p.device_time AND p.device_time < g.until
    GROUP BY 1, 2
) late WHERE g.vehicle_id = late.vehicle_id AND g.since = late.since
"""
LATEST: LiteralString = """
INSERT INTO telemetry.latest AS l (vehicle_id, company_id, terminal_id, device_time, received_at, longitude,
    latitude, altitude, speed, direction, alarm, status, mileage)
SELECT DISTINCT ON (vehicle_id) vehicle_id, company_id, terminal_id, device_time, received_at, longitude,
    latitude, altitude, speed, direction, alarm, status, nullif(mileage, -1)
FROM pg_temp.placed WHERE fresh AND device_time <= received_at + INTERVAL '10 minutes'
ORDER BY vehicle_id, device_time DESC
ON CONFLICT (vehicle_id) DO UPDATE SET (company_id, terminal_id, device_time, received_at, longitude,
    latitude, altitude, speed, direction, alarm, status, mileage)
= (excluded.company_id, excluded.terminal_id, excluded.device_time, excluded.received_at, excluded.longitude,
    excluded.latitude, excluded.altitude, excluded.speed, excluded.direction, excluded.alarm, excluded.status,
    excluded.mileage)
WHERE excluded.device_time > l.device_time
"""
# Bit 1 of the status: located.
QUALITY: LiteralString = """
INSERT INTO telemetry.quality AS q
    (terminal_id, day, company_id, stored, duplicates, unlocated, at_zero, ahead, backfilled)
SELECT terminal_id, (received_at AT TIME ZONE INTERVAL '+08:00')::date, company_id,
    count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh),
    count(*) FILTER (WHERE fresh AND status & 2 = 0),
    count(*) FILTER (WHERE fresh AND longitude = 0 AND latitude = 0),
    count(*) FILTER (WHERE fresh AND device_time > received_at + INTERVAL '10 minutes'),
    count(*) FILTER (WHERE fresh AND device_time < received_at - INTERVAL '10 minutes')
FROM pg_temp.placed GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (terminal_id, day, company_id) DO UPDATE SET
    stored = q.stored + excluded.stored, duplicates = q.duplicates + excluded.duplicates,
    unlocated = q.unlocated + excluded.unlocated, at_zero = q.at_zero + excluded.at_zero,
    ahead = q.ahead + excluded.ahead, backfilled = q.backfilled + excluded.backfilled
"""
# The rows that were not stored, and whether each was in a vehicle at its time: none as a rule.
ANSWER: LiteralString = """
SELECT s.seq, p.seq IS NOT NULL FROM pg_temp.staged s LEFT JOIN pg_temp.placed p USING (seq)
WHERE p.fresh IS NOT TRUE
"""
# All in one message; the answer is the last result.
COMMIT: LiteralString = ";".join(
    ("SET LOCAL synchronous_commit = on", PLACE, STORE, UPWARD, GAPS, FILL, LATEST, QUALITY, ANSWER)
)

# Of one day. The company at the moment of receipt, if the terminal was in a vehicle then.
KEEP: LiteralString = """
INSERT INTO telemetry.raw_frame (received_at, terminal_id, company_id, phone, peer, reason, detail, frame)
SELECT f.received_at, f.terminal_id, i.company_id, f.phone, f.peer, f.reason, f.detail, f.frame
FROM unnest(%(received_at)s::timestamptz[], %(terminal_id)s::bigint[], %(phone)s::text[], %(peer)s::text[],
    %(reason)s::text[], %(detail)s::text[], %(frame)s::bytea[])
    AS f (received_at, terminal_id, phone, peer, reason, detail, frame)
LEFT JOIN telemetry.installation i ON i.terminal_id = f.terminal_id
    AND i.since <= f.received_at AND (i.until IS NULL OR f.received_at < i.until)
WHERE (SELECT pg_total_relation_size(%(part)s::regclass)) < %(most)s
"""
COUNT_KEPT: LiteralString = """
INSERT INTO telemetry.quality AS q (terminal_id, day, company_id, refused, malformed)
SELECT f.terminal_id, %(day)s, coalesce(i.company_id, 0), count(*) FILTER (WHERE f.refused),
    count(*) FILTER (WHERE NOT f.refused)
FROM unnest(%(received_at)s::timestamptz[], %(terminal_id)s::bigint[], %(refused)s::boolean[])
    AS f (received_at, terminal_id, refused)
LEFT JOIN telemetry.installation i ON i.terminal_id = f.terminal_id
    AND i.since <= f.received_at AND (i.until IS NULL OR f.received_at < i.until)
WHERE f.terminal_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (terminal_id, day, company_id) DO UPDATE SET
    refused = q.refused + excluded.refused, malformed = q.malformed + excluded.malformed
"""
