select 1 as id, 2::bigint as n
