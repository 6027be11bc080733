/** PostgreSQL's tables, views, materialized views, indexes, grants and comments in Jinja. */
export const POSTGRES_RELATION_MACROS = `
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- set contracted = (config.get('contract') or {}).get('enforced') -%}
    {%- set kind = 'temporary ' if temporary else 'unlogged ' if config.get('unlogged') else '' -%}
    {{ config.get('sql_header') or '' }}
    {%- if contracted %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
    {%- if contracted and not temporary %}
    create {{ kind }}table {{ relation }} {{ get_table_columns_and_constraints() }};
    insert into {{ relation }} ({{ adapter.dispatch('get_column_names', 'dbt')() }}) (
        {{ get_select_subquery(sql) }}
    );
    {%- else %}
    create {{ kind }}table {{ relation }} as (
        {{ sql }}
    );
    {%- endif %}
{%- endmacro %}

{# Names are cut so that the suffix has room: longer ones are cut by the server without a word. #}
{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) %}
    {% set ending = suffix ~ (modules.datetime.datetime.now().strftime('%H%M%S%f') if dstring else '') %}
    {% set most = base_relation.relation_max_name_length() %}
    {% if ending | length > most %}
        {% do exceptions.raise_compiler_error('Relation suffix is too long (' ~ (ending | length) ~ ' characters). Maximum length is ' ~ most ~ ' characters.') %}
    {% endif %}
    {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier[:most - (ending | length)] ~ ending})) }}
{% endmacro %}
{% macro postgres__make_intermediate_relation(base_relation, suffix) %}
    {{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False)) }}
{% endmacro %}
{% macro postgres__make_temp_relation(base_relation, suffix) %}
    {% set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=True) %}
    {{ return(named.incorporate(path={'schema': none, 'database': none})) }}
{% endmacro %}
{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix) %}
    {{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False).incorporate(type=backup_relation_type)) }}
{% endmacro %}

{% macro postgres__drop_table(relation) -%}drop table if exists {{ relation }} cascade{%- endmacro %}
{% macro postgres__drop_view(relation) -%}drop view if exists {{ relation }} cascade{%- endmacro %}
{% macro postgres__drop_materialized_view(relation) -%}drop materialized view if exists {{ relation }} cascade{%- endmacro %}
{% macro postgres__get_rename_table_sql(relation, new_name) -%}alter table {{ relation }} rename to {{ new_name }}{%- endmacro %}
{% macro postgres__get_rename_view_sql(relation, new_name) -%}alter view {{ relation }} rename to {{ new_name }}{%- endmacro %}
{% macro postgres__get_rename_materialized_view_sql(relation, new_name) -%}alter materialized view {{ relation }} rename to {{ new_name }}{%- endmacro %}

{# PostgreSQL replaces no table in place. #}
{% macro postgres__get_replace_table_sql(relation, sql) -%}
    {{ get_drop_sql(relation) }};
    {{ get_create_table_as_sql(False, relation, sql) }}
{%- endmacro %}
{% macro postgres__get_replace_view_sql(relation, sql) -%}
    {{ config.get('sql_header') or '' }}
    {%- if (config.get('contract') or {}).get('enforced') %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
    create or replace view {{ relation }} as (
        {{ sql }}
    );
{%- endmacro %}

{% macro postgres__get_create_materialized_view_as_sql(relation, sql) %}
    create materialized view if not exists {{ relation }} as {{ sql }};
    {% for index in config.get('indexes') or [] %}{{ get_create_index_sql(relation, index) }};{% endfor %}
{% endmacro %}
{% macro postgres__refresh_materialized_view(relation) %}
    refresh materialized view {{ relation }}
{% endmacro %}
{% macro postgres__describe_materialized_view(relation) %}
    {% do return({'indexes': run_query(get_show_indexes_sql(relation))}) %}
{% endmacro %}
{# Indexes are all that is configured; those that are gone are dropped before new ones are made. #}
{% macro postgres__get_materialized_view_configuration_changes(existing_relation, new_config) %}
    {% set held, wanted = {}, {} %}
    {% for row in postgres__describe_materialized_view(existing_relation).indexes %}
        {% do held.update({(row['column_names'].split(',') | sort | join(',')) ~ '|' ~ row['unique'] ~ '|' ~ row['method']: row['name']}) %}
    {% endfor %}
    {% for index in new_config.get('indexes') or [] %}
        {% do wanted.update({(index['columns'] | map('lower') | sort | join(',')) ~ '|' ~ (index.get('unique') or false) ~ '|' ~ (index.get('type') or 'btree'): index}) %}
    {% endfor %}
    {% set changes = [] %}
    {% for key, name in held.items() if key not in wanted %}{% do changes.append({'action': 'drop', 'context': {'name': name}}) %}{% endfor %}
    {% for key, index in wanted.items() if key not in held %}{% do changes.append({'action': 'create', 'context': {'name': none, 'as_node_config': index}}) %}{% endfor %}
    {% do return({'indexes': changes, 'requires_full_refresh': false} if changes else none) %}
{% endmacro %}
{% macro postgres__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) %}
    {%- if configuration_changes.requires_full_refresh -%}
        {{ get_replace_sql(existing_relation, relation, sql) }}
    {%- else -%}
        {{ postgres__update_indexes_on_materialized_view(relation, configuration_changes.indexes) }}
    {%- endif -%}
{% endmacro %}
{% macro postgres__update_indexes_on_materialized_view(relation, index_changes) -%}
    {%- for change in index_changes -%}
        {{ postgres__get_drop_index_sql(relation, change.context.name) if change.action == 'drop' else get_create_index_sql(relation, change.context.as_node_config) }};
    {%- endfor -%}
{%- endmacro %}

{% macro postgres__get_create_index_sql(relation, index_dict) -%}
    {%- set index = adapter.parse_index(index_dict) -%}
    create {{ 'unique ' if index.unique }}index if not exists "{{ index.render(relation) }}"
    on {{ relation }} {{ 'using ' ~ index.type if index.type }}
    ({{ index.columns | join(', ') }})
{%- endmacro %}
{% macro postgres__get_drop_index_sql(relation, index_name) -%}
    drop index if exists {{ adapter.quote(relation.schema) }}.{{ adapter.quote(index_name) }}
{%- endmacro %}
{% macro postgres__get_show_indexes_sql(relation) %}
    select
        index_class.relname as name,
        method.amname as method,
        entry.indisunique as "unique",
        (select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a
         where a.attrelid = entry.indrelid and a.attnum = any(entry.indkey)) as column_names
    from pg_index entry
    join pg_class index_class on index_class.oid = entry.indexrelid
    join pg_am method on method.oid = index_class.relam
    join pg_class owner on owner.oid = entry.indrelid
    join pg_namespace place on place.oid = owner.relnamespace
    where owner.relname = '{{ relation.identifier }}' and place.nspname = '{{ relation.schema }}' and owner.relkind in ('r', 'm')
    order by 1, 2, 3
{% endmacro %}

{% macro postgres__copy_grants() %}{{ return(False) }}{% endmacro %}
{% macro postgres__get_show_grant_sql(relation) -%}
    select grantee, privilege_type
    from {{ relation.information_schema('role_table_grants') }}
    where grantor = current_role
      and grantee != current_role
      and table_schema = '{{ relation.schema }}'
      and table_name = '{{ relation.identifier }}'
{%- endmacro %}

{% macro postgres_escape_comment(comment) -%}
    {%- if comment is not string -%}{%- do exceptions.raise_compiler_error('cannot escape a non-string: ' ~ comment) -%}{%- endif -%}
    '{{ comment | replace("'", "''") }}'
{%- endmacro %}
{% macro postgres__alter_relation_comment(relation, comment) %}
    comment on {{ relation.type | replace('_', ' ') }} {{ relation }} is {{ postgres_escape_comment(comment) }};
{% endmacro %}
{% macro postgres__alter_column_comment(relation, column_dict) %}
    {% set held = adapter.get_columns_in_relation(relation) | map(attribute='name') | list %}
    {% for name in column_dict if name in held %}
    comment on column {{ relation }}.{{ adapter.quote(name) if column_dict[name]['quote'] else name }} is {{ postgres_escape_comment(column_dict[name]['description']) }};
    {% endfor %}
{% endmacro %}

{% macro postgres__get_incremental_default_sql(arg_dict) %}
    {% do return(get_incremental_delete_insert_sql(arg_dict) if arg_dict['unique_key'] else get_incremental_append_sql(arg_dict)) %}
{% endmacro %}
{% macro postgres__get_incremental_microbatch_sql(arg_dict) %}
    {% if not arg_dict['unique_key'] %}{{ exceptions.raise_compiler_error("dbt-postgres 'microbatch' requires a \`unique_key\` config") }}{% endif %}
    {% do return(adapter.dispatch('get_incremental_merge_sql', 'dbt')(arg_dict)) %}
{% endmacro %}

{% macro postgres__snapshot_merge_sql(target, source, insert_cols) -%}
    {%- set names = get_snapshot_table_column_names() -%}
    {%- set end = target ~ '.' ~ names.dbt_valid_to -%}
    {%- set open_end = config.get('dbt_valid_to_current') -%}
    update {{ target }}
    set {{ names.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }}::text = {{ target }}.{{ names.dbt_scd_id }}::text
      and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update'::text, 'delete'::text)
      and ({{ end ~ ' = ' ~ open_end ~ ' or ' if open_end }}{{ end }} is null);

    insert into {{ target }} ({{ insert_cols | join(', ') }})
    select {% for column in insert_cols %}DBT_INTERNAL_SOURCE.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'::text;
{%- endmacro %}
`
