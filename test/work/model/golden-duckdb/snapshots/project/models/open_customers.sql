select id, name, dbt_valid_to is null as open from {{ ref('by_time') }}
