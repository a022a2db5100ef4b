-- What hides the bodies of an account's messages, where its platform asks for that. As secret as the password.
ALTER TABLE telemetry.uplink
    ADD COLUMN m1 bigint CHECK (m1 BETWEEN 0 AND 4294967295),
    ADD COLUMN ia1 bigint CHECK (ia1 BETWEEN 0 AND 4294967295),
    ADD COLUMN ic1 bigint CHECK (ic1 BETWEEN 0 AND 4294967295),
    ADD COLUMN key bigint CHECK (key BETWEEN 0 AND 4294967295),
    ADD CONSTRAINT cipher_whole CHECK (num_nulls(m1, ia1, ic1, key) IN (0, 4));
