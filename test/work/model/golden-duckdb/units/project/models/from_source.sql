with x as (select * from {{ source('raw', 'events') }}) select id, tags from x where id > 1
