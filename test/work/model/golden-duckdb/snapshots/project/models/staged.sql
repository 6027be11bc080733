select id, name, status from {{ source('raw', 'customers') }}
