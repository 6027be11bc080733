select id, "Amount", note from {{ ref('raw') }}
