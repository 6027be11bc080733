/** dbt's macros of data tests and unit tests. Both run in TypeScript unless a project has its own form of one. */
export const TEST_MACROS = `
{% macro get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ adapter.dispatch('get_test_sql', 'dbt')(main_sql, fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}
{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    select
      {{ fail_calc }} as failures,
      {{ fail_calc }} {{ warn_if }} as should_warn,
      {{ fail_calc }} {{ error_if }} as should_error
    from (
      {{ main_sql }}
      {{ 'limit ' ~ limit if limit is not none }}
    ) dbt_internal_test
{%- endmacro %}

{% macro get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    {{ adapter.dispatch('get_unit_test_sql', 'dbt')(main_sql, expected_fixture_sql, expected_column_names) }}
{%- endmacro %}
{% macro default__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    {%- set columns = expected_column_names | join(', ') -%}
    {%- set side = adapter.quote('actual_or_expected') -%}
    with dbt_internal_unit_test_actual as (
        select {{ columns }}, {{ dbt.string_literal('actual') }} as {{ side }}
        from (
            {{ main_sql }}
        ) _dbt_internal_unit_test_actual
    ),
    dbt_internal_unit_test_expected as (
        select {{ columns }}, {{ dbt.string_literal('expected') }} as {{ side }}
        from (
            {{ expected_fixture_sql }}
        ) _dbt_internal_unit_test_expected
    )
    select * from dbt_internal_unit_test_actual
    union all
    select * from dbt_internal_unit_test_expected
{%- endmacro %}

{% macro get_fixture_sql(rows, column_name_to_data_types) %}
    {%- set types, names = column_name_to_data_types or {}, {} -%}
    {%- if not types -%}
        {%- set described = defer_relation if defer_relation and not load_relation(this) else this -%}
        {%- for column in adapter.get_columns_in_relation(described) -%}
            {%- do types.update({column.name | lower: column.data_type}) -%}
            {%- do names.update({column.name | lower: column.quoted}) -%}
        {%- endfor -%}
        {%- if not types -%}
            {{ exceptions.raise_compiler_error("Not able to get columns for unit test '" ~ model.name ~ "' from relation " ~ this ~ " because the relation doesn't exist") }}
        {%- endif -%}
    {%- endif -%}
    {{ validate_fixture_rows(rows, row_number) }}
    {%- set empty = {} -%}
    {%- for name, type in types.items() -%}{%- do empty.update({name: safe_cast('null', type) | trim}) -%}{%- endfor -%}
    {%- for row in rows or [{}] -%}
        {%- set cells = dict(empty, **format_row(row, types)) -%}
        select {% for name, value in cells.items() %}{{ value }} as {{ names.get(name) or name }}{{ ', ' if not loop.last }}{% endfor %}
        {{- '\\nunion all\\n' if not loop.last }}
    {%- endfor -%}
    {{ '\\nlimit 0' if not rows }}
{% endmacro %}

{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) %}
    {%- if not rows -%}
        select * from dbt_internal_unit_test_actual
        limit 0
    {%- endif -%}
    {%- for row in rows -%}
        select {% for name, value in format_row(row, column_name_to_data_types).items() %}{{ value }} as {{ column_name_to_quoted[name] }}{{ ', ' if not loop.last }}{% endfor %}
        {{- '\\nunion all\\n' if not loop.last }}
    {%- endfor -%}
{% endmacro %}

{# Values by lower-case name, each cast to the column's type; a text longer than its column is kept whole. #}
{%- macro format_row(row, column_name_to_data_types) -%}
    {% set cells = {} %}
    {% for written, value in row.items() %}
        {% set name = written | lower %}
        {% if name not in column_name_to_data_types %}
            {% set fixture = 'expected output' if model.resource_type == 'unit_test' else "'" ~ model.name ~ "'" %}
            {{ exceptions.raise_compiler_error("Invalid column name: '" ~ name ~ "' in unit test fixture for " ~ fixture ~ '.\\nAccepted columns for ' ~ fixture ~ ' are: ' ~ (column_name_to_data_types.keys() | list)) }}
        {% endif %}
        {% set type = column_name_to_data_types[name] %}
        {% if value is string %}
            {% set type = type.split('(')[0] if 'varying' in type else type %}
            {% set value = dbt.string_literal(dbt.escape_single_quotes(value)) %}
        {% endif %}
        {% do cells.update({name: safe_cast('null' if value is none else value, type)}) %}
    {% endfor %}
    {{ return(cells) }}
{%- endmacro -%}

{% macro validate_fixture_rows(rows, row_number) %}
    {{ return(adapter.dispatch('validate_fixture_rows', 'dbt')(rows, row_number)) }}
{% endmacro %}
{% macro default__validate_fixture_rows(rows, row_number) %}{% endmacro %}

{% materialization test, default %}
    {% set header = config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS else none %}
    {% set relations = [] %}
    {% set rows %}{{ get_limit_subquery_sql(sql, config.get('limit')) }}{% endset %}
    {% if should_store_failures() %}
        {% set kind = config.get('store_failures_as') or 'table' %}
        {% if kind not in ['table', 'view'] %}
            {{ exceptions.raise_compiler_error("'" ~ kind ~ "' is not a valid value for \`store_failures_as\`. Accepted values are: ['ephemeral', 'table', 'view']") }}
        {% endif %}
        {% set kept = api.Relation.create(database=database, schema=schema, identifier=model['alias'], type=kind) %}
        {{ drop_relation_if_exists(adapter.get_relation(database=database, schema=schema, identifier=model['alias'])) }}
        {% call statement(auto_begin=True) %}{{ header or '' }}{{ get_create_sql(kept, rows) }}{% endcall %}
        {% do relations.append(kept) %}
        {% set rows = 'select * from ' ~ kept %}
        {{ adapter.commit() }}
    {% endif %}
    {% call statement('main', fetch_result=True) -%}
        {{ header or '' }}
        {{- get_test_sql(rows, config.get('fail_calc') or 'count(*)', config.get('warn_if') or '!= 0', config.get('error_if') or '!= 0', limit=none) }}
    {%- endcall %}
    {{ return({'relations': relations}) }}
{% endmaterialization %}

{% materialization unit, default %}
    {% set rows, expected = config.get('expected_rows') or [], config.get('expected_sql') %}
    {% set temp_relation = make_temp_relation(this.incorporate(type='table')) %}
    {% do run_query(get_create_table_as_sql(True, temp_relation, get_empty_subquery_sql(sql))) %}
    {% set types, quoted = {}, {} %}
    {% for column in adapter.get_columns_in_relation(temp_relation) %}
        {% do types.update({column.name | lower: column.data_type}) %}
        {% do quoted.update({column.name | lower: column.quoted}) %}
    {% endfor %}
    {% set names = [] %}
    {% for name in (rows[0].keys() if rows else get_columns_in_query(sql)) %}{% do names.append(quoted[name | lower]) %}{% endfor %}
    {% call statement('main', fetch_result=True) -%}
        {{ get_unit_test_sql(sql, expected or get_expected_sql(rows, types, quoted), names) }}
    {%- endcall %}
    {% do adapter.drop_relation(temp_relation) %}
    {{ return({'relations': []}) }}
{% endmaterialization %}
`
