select
    {{ dbt.any_value('id') }} as one_of,
    {{ dbt.bool_or('id > 2') }} as any_big,
    {{ dbt.listagg('name', "','", "order by id") }} as names,
    {{ dbt.listagg('id', "'|'", "order by id", 2) }} as two_ids
from {{ ref('stg_kinds') }}
{{ dbt.except() }}
select 1, true, 'no', 'none'
