/** What dbt asks PostgreSQL's catalog: schemas, relations, columns, and which views read which relations. */
export const POSTGRES_CATALOG_MACROS = `
{% macro postgres__information_schema_name(database) -%}
    {%- if database -%}{{ adapter.verify_database(database) }}{%- endif -%}
    information_schema
{%- endmacro %}

{% macro postgres__create_schema(relation) -%}
    {%- if relation.database -%}{{ adapter.verify_database(relation.database) }}{%- endif -%}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation.without_identifier().include(database=False) }}
    {%- endcall -%}
{%- endmacro %}
{% macro postgres__drop_schema(relation) -%}
    {%- if relation.database -%}{{ adapter.verify_database(relation.database) }}{%- endif -%}
    {%- call statement('drop_schema') -%}
        drop schema if exists {{ relation.without_identifier().include(database=False) }} cascade
    {%- endcall -%}
{%- endmacro %}
{% macro postgres__list_schemas(database) %}
    {%- if database -%}{{ adapter.verify_database(database) }}{%- endif -%}
    {{ return(run_query('select distinct nspname from pg_namespace')) }}
{% endmacro %}
{% macro postgres__check_schema_exists(information_schema, schema) -%}
    {%- if information_schema.database -%}{{ adapter.verify_database(information_schema.database) }}{%- endif -%}
    {{ return(run_query("select count(*) from pg_namespace where nspname = '" ~ schema ~ "'")) }}
{%- endmacro %}

{% macro postgres__get_columns_in_relation(relation) -%}
    {{ return(adapter.get_columns_in_relation(relation)) }}
{%- endmacro %}

{% macro postgres__list_relations_without_caching(schema_relation) %}
    {% set text %}
        select '{{ schema_relation.database }}' as database, c.relname as name, n.nspname as schema,
            case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end as type
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname ilike '{{ schema_relation.schema }}' and c.relkind in ('r', 'p', 'v', 'm')
        union
        select '{{ schema_relation.database }}', p.proname, n.nspname, 'function'
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname ilike '{{ schema_relation.schema }}'
    {% endset %}
    {{ return(run_query(text)) }}
{% endmacro %}

{# A view depends on a relation through its rule. #}
{% macro postgres__get_relations() -%}
    {% set text %}
        select distinct vn.nspname as dependent_schema, v.relname as dependent_name,
            rn.nspname as referenced_schema, r.relname as referenced_name
        from pg_rewrite rule
        join pg_class v on v.oid = rule.ev_class
        join pg_namespace vn on vn.oid = v.relnamespace
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = rule.oid and d.refclassid = 'pg_class'::regclass and d.refobjid != v.oid
        join pg_class r on r.oid = d.refobjid
        join pg_namespace rn on rn.oid = r.relnamespace
        where rn.nspname != 'information_schema' and not starts_with(rn.nspname, 'pg_')
        order by 1, 2, 3, 4
    {% endset %}
    {{ return(run_query(text)) }}
{%- endmacro %}
{% macro postgres_get_relations() %}{{ return(postgres__get_relations()) }}{% endmacro %}

{% macro postgres__get_catalog(information_schema, schemas) -%}
    {%- set relations = [] -%}
    {%- for schema in schemas -%}{%- do relations.append({'schema': schema}) -%}{%- endfor -%}
    {{ return(postgres__get_catalog_relations(information_schema, relations)) }}
{%- endmacro %}
{% macro postgres__get_catalog_relations(information_schema, relations) -%}
    {{ adapter.verify_database(information_schema.database) }}
    {% set text %}
        select '{{ information_schema.database }}' as table_database, n.nspname as table_schema, c.relname as table_name,
            case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end as table_type,
            obj_description(c.oid, 'pg_class') as table_comment, a.attname as column_name, a.attnum as column_index,
            format_type(a.atttypid, a.atttypmod) as column_type, col_description(c.oid, a.attnum) as column_comment,
            pg_get_userbyid(c.relowner) as table_owner
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where ({% for one in relations %}(upper(n.nspname) = upper('{{ one.schema }}'){{ " and upper(c.relname) = upper('" ~ one.identifier ~ "')" if one.identifier }}){{ ' or ' if not loop.last }}{% else %}false{% endfor %})
          and c.relpersistence in ('p', 'u') and c.relkind in ('r', 'v', 'f', 'p', 'm')
        order by n.nspname, c.relname, a.attnum
    {% endset %}
    {{ return(run_query(text)) }}
{%- endmacro %}
`
