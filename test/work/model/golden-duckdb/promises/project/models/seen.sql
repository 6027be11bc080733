select 1 as "a b", now()::timestamp as z
