select * from {{ ref('as_view') }}
