/**
 * DuckDB's indexes and foreign keys. A table that another's foreign key names can be neither renamed nor dropped, so
 * that what refers to it is dropped first, when this run builds it anew.
 */
export const DUCKDB_KEY_MACROS = `
{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
    {%- set index = adapter.parse_index(index_dict) -%}
    create {{ 'unique ' if index.unique }}index "{{ index.render(relation) }}" on {{ relation }} ({{ index.columns | join(', ') }});
{%- endmacro %}

{% macro drop_indexes_on_relation(relation) -%}
    {% call statement('get_indexes_on_relation', fetch_result=True, auto_begin=False) %}
        select index_name from duckdb_indexes()
        where database_name = '{{ relation.database }}' and schema_name = '{{ relation.schema }}' and table_name = '{{ relation.identifier }}'
    {% endcall %}
    {% for row in load_result('get_indexes_on_relation').table %}
        {% call statement('drop_index', auto_begin=False) %}drop index {{ relation.incorporate(path={'identifier': row[0]}) }}{% endcall %}
    {% endfor %}
{%- endmacro %}

{# Types of constraints that the model's enforced contract declares, and those its table has. #}
{% macro enforced_constraint_types() -%}
    {% set types = [] %}
    {% if (config.get('contract') or {}).get('enforced') %}
        {% for one in model.get('constraints') or [] %}{% do types.append(one.type) %}{% endfor %}
        {% for column in (model.get('columns') or {}).values() %}
            {% for one in column.get('constraints') or [] %}{% do types.append(one.type) %}{% endfor %}
        {% endfor %}
    {% endif %}
    {{ return(types) }}
{%- endmacro %}
{% macro existing_constraint_types(relation) -%}
    {{ return([] if relation is none or not relation.is_table else adapter.existing_key_constraint_types(relation)) }}
{%- endmacro %}
{% macro has_foreign_key_constraints(relation=none) -%}
    {{ return(adapter.catalog_supports_foreign_keys(this.database) and 'foreign_key' in enforced_constraint_types() + existing_constraint_types(relation)) }}
{%- endmacro %}
{% macro may_be_foreign_key_target(relation=none) -%}
    {% if not adapter.catalog_supports_foreign_keys(this.database) %}{{ return(false) }}{% endif %}
    {% set types = enforced_constraint_types() + existing_constraint_types(relation) %}
    {{ return('primary_key' in types or 'unique' in types) }}
{%- endmacro %}

{% macro drop_relation_for_rebuild(relation) -%}
    {% do adapter.ensure_transaction() %}
    {% set dropped = drop_foreign_key_dependents(relation) if relation.is_table and may_be_foreign_key_target(relation) else [] %}
    {% do adapter.drop_relation(relation) %}
    {{ return(dropped) }}
{%- endmacro %}

{# Tables that refer to one, farthest first, with the tables they refer to; keys do not cross schemas. #}
{% macro _foreign_keys_to(relation) -%}
    {% call statement('get_foreign_key_dependents', fetch_result=True) %}
        with recursive keys as (
            select table_name, referenced_table from duckdb_constraints()
            where constraint_type = 'FOREIGN KEY'
              and lower(database_name) = lower('{{ adapter.escape_sql_string(relation.database) }}')
              and lower(schema_name) = lower('{{ adapter.escape_sql_string(relation.schema) }}')
              and lower(table_name) != lower(referenced_table)
        ),
        reached(table_name, depth) as (
            select table_name, 1 from keys where lower(referenced_table) = lower('{{ adapter.escape_sql_string(relation.identifier) }}')
            union
            select keys.table_name, reached.depth + 1 from keys join reached on lower(keys.referenced_table) = lower(reached.table_name)
        )
        select table_name, string_agg(distinct lower(referenced_table), ',') as referenced
        from reached join keys using (table_name)
        group by table_name
        order by max(depth) desc, table_name
    {% endcall %}
    {{ return(load_result('get_foreign_key_dependents').table) }}
{%- endmacro %}

{% macro drop_foreign_key_dependents(relation) -%}
    {% set dependents = _foreign_keys_to(relation) %}
    {% set chain, problems = {relation.identifier | lower: model.unique_id}, [] %}
    {% set builders = {} %}
    {% for row in dependents %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and (node.database or '') | lower == (relation.database or '') | lower
              and node.schema | lower == relation.schema | lower and (node.alias or node.name) | lower == row[0] | lower %}
            {% do builders.update({row[0]: node}) %}
            {% do chain.update({row[0] | lower: node.unique_id}) %}
        {% endfor %}
    {% endfor %}
    {% for row in dependents %}
        {% set node = builders.get(row[0]) %}
        {% set above = [] %}
        {% for one in row[1].split(',') if one in chain %}{% do above.append(chain[one]) %}{% endfor %}
        {% if node is none %}
            {% do problems.append(row[0] ~ ' (not built by a dbt model in this project)') %}
        {% elif node.unique_id not in selected_resources %}
            {% do problems.append(row[0] ~ ' (model ' ~ node.name ~ ' is not selected in this run)') %}
        {% elif not above | select('in', node.depends_on.nodes) | list %}
            {% do problems.append(row[0] ~ ' (model ' ~ node.name ~ ' does not ref() the table its foreign key points at; use \`to: ref(...)\` in the constraint)') %}
        {% else %}
            {% set refreshed = node.config.full_refresh if node.config.full_refresh is not none else flags.FULL_REFRESH %}
            {% if not (node.config.materialized == 'table' or (node.config.materialized == 'incremental' and refreshed)) %}
                {% do problems.append(row[0] ~ ' (model ' ~ node.name ~ ' is materialized as ' ~ node.config.materialized ~ ' and would lose its data; run with --full-refresh)') %}
            {% endif %}
        {% endif %}
    {% endfor %}
    {% if problems %}
        {% do exceptions.raise_compiler_error('Cannot replace ' ~ relation ~ ' because DuckDB does not allow replacing a table that a foreign key references. Problem tables: ' ~ (problems | join('; '))) %}
    {% endif %}
    {% set dropped = [] %}
    {% for row in dependents %}
        {% set dependent = api.Relation.create(database=relation.database, schema=relation.schema, identifier=row[0], type='table') %}
        {% set backup = dependent.incorporate(path={'identifier': row[0] ~ '__dbt_fk_backup'}, type='table') %}
        {% do adapter.drop_relation(backup) %}
        {% call statement('backup_foreign_key_dependent') %}create table {{ backup }} as select * from {{ dependent }}{% endcall %}
        {% do adapter.drop_relation(dependent) %}
        {% do dropped.append({'relation': dependent, 'backup': backup}) %}
    {% endfor %}
    {{ return(dropped) }}
{%- endmacro %}

{# Their rows stay readable until the run builds them anew, without their keys. #}
{% macro restore_foreign_key_dependents(dropped) -%}
    {% for one in dropped | reverse %}{% do adapter.rename_relation(one['backup'], one['relation']) %}{% endfor %}
{%- endmacro %}
`
