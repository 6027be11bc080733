/** DuckDB's external materialization: rows in a file, and a view that reads it. */
export const DUCKDB_EXTERNAL_MACROS = `
{% macro location_exists(location) -%}
    {% do return(adapter.location_exists(location)) %}
{%- endmacro %}

{% macro external_location(relation, config) -%}
    {%- set name = adapter.external_root() ~ '/' ~ relation.identifier -%}
    {{- name if (config.get('options') or {}).get('partition_by') is not none else name ~ '.' ~ (config.get('format') or 'parquet') -}}
{%- endmacro %}

{% macro write_to_file(relation, location, options) -%}
    {% call statement('write_to_file') -%}
        copy {{ relation }} to '{{ location }}' ({{ options }})
    {%- endcall %}
{%- endmacro %}

{% macro store_relation(plugin, relation, location, format, config) -%}
    {% do adapter.store_relation(plugin, relation, adapter.get_columns_in_relation(relation), location, format, config) %}
{%- endmacro %}

{# Options of \`copy\`; format and delimiter may stand beside them. #}
{% macro render_write_options(config) -%}
    {% set written = config.get('options') or {} %}
    {% if written is not mapping %}{% do exceptions.raise_compiler_error('The options argument must be a dictionary') %}{% endif %}
    {% set options = {} %}
    {% for name, value in written.items() %}{% do options.update({name: render(value)}) %}{% endfor %}
    {% for name in ['format', 'delimiter'] if config.get(name) %}{% do options.update({name: render(config.get(name))}) %}{% endfor %}
    {% do return(options) %}
{%- endmacro %}

{# The view over a file. A file of no rows holds one of nulls, because a file has to tell its columns. #}
{% macro _external_query(format, location, options, columns) -%}
    select * from read_{{ format }}('{{ location }}'
    {%- for name, value in options.items() %}, {{ name }}={{ "'" ~ value ~ "'" if value is string else value }}{% endfor %})
    {%- for column in columns %}{{ ' where ' if loop.first else ' and ' }}{{ column.quoted }} is not null{% endfor %}
{%- endmacro %}

{% materialization external, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {% if config.get('plugin') is not none or config.get('glue_register', false) %}
        {% do adapter.store_relation(config.get('plugin') or 'glue', this, [], none, none, config) %}
    {% endif %}
    {% set location = adapter.external_path(render(config.get('location') or external_location(this, config))) %}
    {% set options = render_write_options(config) %}
    {% set write_options = adapter.external_write_options(location, options) %}
    {% set formats = ['csv', 'parquet', 'json'] %}
    {% set format = config.get('format') or (options['format'] | lower if options['format'] | lower in formats else 'parquet') %}
    {% if format not in formats %}
        {{ exceptions.raise_compiler_error('Invalid format: ' ~ format ~ '. Allowed formats are: ' ~ (formats | join(', '))) }}
    {% endif %}
    {% set read_location = adapter.external_read_location(location, options) %}
    {% set read_options = dict(config.get(format ~ '_read_options') or ({'union_by_name': False} if format == 'parquet' else {'auto_detect': True})) %}
    {% if options.get('compression') and format != 'parquet' and 'compression' not in read_options %}
        {% do read_options.update({'compression': options['compression']}) %}
    {% endif %}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='view') %}
    {% set rows = make_intermediate_relation(this.incorporate(type='table')) %}
    {% set backup = make_backup_relation(target_relation, 'table' if existing_relation is none else existing_relation.type) %}
    {% for left in [rows, backup] %}{{ drop_relation_if_exists(load_cached_relation(left)) }}{% endfor %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('create_table') %}{{ create_table_as(False, rows, sql) }}{% endcall %}
    {% set columns = adapter.get_columns_in_relation(rows) %}
    {% set empty = run_query('select count(*) from ' ~ rows)[0][0] == 0 %}
    {% if empty %}
        {% call statement('a_row_of_nulls') %}insert into {{ rows }} values ({% for column in columns %}null{{ ', ' if not loop.last }}{% endfor %}){% endcall %}
    {% endif %}
    {{ write_to_file(rows, location, write_options) }}
    {% if existing_relation is not none %}{{ adapter.rename_relation(existing_relation, backup) }}{% endif %}
    {% call statement('main') -%}
        create or replace view {{ target_relation }} as ({{ _external_query(format, read_location, read_options, columns if empty else []) }});
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do _settle(target_relation, existing_relation, true) %}
    {{ adapter.commit() }}
    {{ drop_relation_if_exists(backup) }}
    {{ drop_relation_if_exists(rows) }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{# For on-run-start: views over the files of external models above the selected ones, so that a database in memory has them. #}
{% macro register_upstream_external_models() -%}
    {% if not execute %}{{ return('') }}{% endif %}
    {% set seen = [] %}
    {% for id in selected_resources if id in graph['nodes'] %}
        {% for above in graph['nodes'][id]['depends_on']['nodes'] if above not in seen and above not in selected_resources %}
            {% do seen.append(above) %}
            {% set node = graph['nodes'].get(above) %}
            {% if node and node.config.materialized == 'external' %}
                {% set relation = api.Relation.create(database=node['database'], schema=node['schema'], identifier=node['alias']) %}
                {% set location = node.config.get('location') or external_location(relation, node.config) %}
                {% set options = render_write_options(node.config) %}
                {% do run_query('create schema if not exists ' ~ relation.without_identifier()) %}
                {% do run_query('create or replace view ' ~ relation ~ " as (select * from '" ~ adapter.external_read_location(adapter.external_path(render(location)), options) ~ "')") %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% do adapter.commit() %}
{%- endmacro %}
`
