-- The value of one setting.
SELECT value
FROM setting
WHERE name = $1;
