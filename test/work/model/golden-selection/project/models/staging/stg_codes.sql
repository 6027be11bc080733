select code, label from {{ ref('codes') }}
