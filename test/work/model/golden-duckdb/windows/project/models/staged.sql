select id, moment as at_time, val from {{ source('raw', 'events') }}
