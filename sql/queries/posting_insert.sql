-- One line of an entry.
INSERT INTO posting (customer_id, contract_id, number, line, account, amount_fen)
VALUES ($1, $2, $3, $4, $5, $6);
