-- A member of staff by login.
SELECT staff_id, login, name, role, password_hash, totp_sealed, totp_last_step, failed_logins,
    locked_until, disabled
FROM staff WHERE login = $1
