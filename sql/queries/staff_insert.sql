-- A new member of staff.
INSERT INTO staff (staff_id, login, name, role, password_hash, totp_sealed)
VALUES ($1, $2, $3, $4, $5, $6)
