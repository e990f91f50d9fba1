-- What a log-in changes of a member of staff.
UPDATE staff SET failed_logins = $2, locked_until = $3, totp_last_step = $4 WHERE staff_id = $1
