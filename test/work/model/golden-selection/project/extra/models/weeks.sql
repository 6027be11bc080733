select id from {{ ref('dates') }}
