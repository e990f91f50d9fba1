-- One session of a member of staff, whose it is, and the business date.
SELECT s.secret_hash, s.created_at, s.expires_at,
    (SELECT value FROM setting WHERE name = 'business_date'), m.role, m.name, m.disabled
FROM staff_session s JOIN staff m ON m.staff_id = s.staff_id
WHERE s.staff_id = $1 AND s.session_id = $2
