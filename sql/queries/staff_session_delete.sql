-- Ends one session of a member of staff.
DELETE FROM staff_session WHERE staff_id = $1 AND session_id = $2
