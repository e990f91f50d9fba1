-- Events of all logs after a place: what is old is forgotten, page by page.
-- shards: the trimming of old events walks every log.
SELECT user_id, number, created_at_us FROM event_log WHERE (user_id, number) > ($1, $2)
ORDER BY user_id, number LIMIT $3
