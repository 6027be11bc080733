select 1 from {{ ref('customers') }}, {{ source('raw', 'customers') }} where false
