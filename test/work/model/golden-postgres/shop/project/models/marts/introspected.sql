{%- set columns = adapter.get_columns_in_relation(ref('typed')) -%}
{%- set found = adapter.get_relation(database=target.database, schema=target.schema, identifier='kinds') -%}
{%- set days = run_query('select count(*) as n, max(fraction) as m from ' ~ ref('kinds')) -%}
select
{%- for column in columns %}
    '{{ column.name }} {{ column.dtype }} {{ column.data_type }} {{ column.is_string() }} {{ column.is_numeric() }} {{ column.char_size }} {{ column.numeric_precision }}' as c_{{ column.name }},
{%- endfor %}
    '{{ found.type if execute }} {{ found.is_table if execute }}' as kind,
    '{{ days.columns[0][0] if execute }} {{ days.columns["m"][0] if execute }}' as asked,
    '{{ scream('x') }}' as dispatched,
    '{{ api.Column.create("q", "varchar").data_type }}' as made,
    '{{ api.Relation.create(database="d", schema="s", identifier="i") }}' as path
