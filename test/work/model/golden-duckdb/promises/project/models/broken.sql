select 1 as id, 2 as name, 3 as extra
