/** DuckDB's incremental strategies: delete+insert, a merge with all of dbt-duckdb's settings, and microbatch. */
export const DUCKDB_INCREMENTAL_MACROS = `
{% macro duckdb__get_incremental_default_sql(arg_dict) %}
    {% do return(get_incremental_delete_insert_sql(arg_dict)) %}
{% endmacro %}

{# A key may be an expression, and several keys are compared one by one. #}
{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
    {%- if unique_key and unique_key is sequence and unique_key is not string %}
    delete from {{ target }} as DBT_INCREMENTAL_TARGET
    using {{ source }}
    where (
        {% for key in unique_key %}{{ source }}.{{ key }} = DBT_INCREMENTAL_TARGET.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
        {% for predicate in incremental_predicates or [] %} and {{ predicate }}{% endfor %}
    );
    {%- elif unique_key %}
    delete from {{ target }}
    where ({{ unique_key }}) in (select ({{ unique_key }}) from {{ source }})
    {%- for predicate in incremental_predicates or [] %} and {{ predicate }}{% endfor %};
    {%- endif %}
    insert into {{ target }} ({{ columns }}) (select {{ columns }} from {{ source }})
{%- endmacro %}

{% macro duckdb__get_incremental_microbatch_sql(arg_dict) -%}
    {%- set event_time, batch = config.get('event_time'), model.get('batch') -%}
    {%- if not event_time -%}
        {{ exceptions.raise_compiler_error("microbatch incremental strategy requires an 'event_time' model config") }}
    {%- elif config.get('unique_key') -%}
        {{ exceptions.raise_compiler_error("microbatch incremental strategy does not support 'unique_key'. Remove 'unique_key' or use incremental_strategy='merge'.") }}
    {%- elif not (batch and batch.event_time_start and batch.event_time_end) -%}
        {{ exceptions.raise_compiler_error("microbatch incremental strategy requires 'batch.event_time_start' and 'batch.event_time_end' to be set in the context") }}
    {%- endif -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {%- set window = event_time ~ " >= '" ~ batch.event_time_start ~ "' and " ~ event_time ~ " < '" ~ batch.event_time_end ~ "'" -%}
    {%- set text -%}
    delete from {{ arg_dict['target_relation'] }} where {{ window }}
    {%- for predicate in normalize_incremental_predicates(arg_dict.get('incremental_predicates')) %} and ({{ predicate }}){% endfor %};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }} where {{ window }};
    {%- endset -%}
    {{ return(text) }}
{%- endmacro %}

{% macro duckdb__get_incremental_merge_sql(args_dict) %}
    {{ return(duckdb__get_merge_sql(args_dict['target_relation'], args_dict['temp_relation'], args_dict['unique_key'], args_dict['dest_columns'], normalize_incremental_predicates(args_dict.get('incremental_predicates')))) }}
{% endmacro %}

{% macro duckdb__merge_join_clause(unique_key, merge_on_using_columns, incremental_predicates) -%}
    {%- set conditions = [] -%}
    {%- if not merge_on_using_columns -%}
        {%- for key in ([unique_key] if unique_key is string else unique_key) if unique_key -%}
            {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
        {%- else -%}
            {%- do conditions.append('false') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set conditions = conditions + (incremental_predicates or []) -%}
    {{ 'using (' ~ (merge_on_using_columns | join(', ')) ~ ') ' if merge_on_using_columns }}
    {{- 'on (' ~ (conditions | join(') and (')) ~ ')' if conditions }}
{%- endmacro %}

{% macro merge_clause_defaults(merge_update_condition, merge_insert_condition, merge_update_columns=[], merge_exclude_columns=[], merge_update_set_expressions={}) -%}
    {% set columns = {'include': merge_update_columns, 'exclude': merge_exclude_columns, 'set_expressions': merge_update_set_expressions} %}
    {{ return({
        'when_matched_update_by_name': {'action': 'update', 'condition': merge_update_condition, 'mode': 'by_name'},
        'when_not_matched_insert_by_name': {'action': 'insert', 'condition': merge_insert_condition, 'mode': 'by_name'},
        'when_matched_update_explicit': {'action': 'update', 'condition': merge_update_condition, 'mode': 'explicit', 'update': columns}
    }) }}
{%- endmacro %}

{# One \`when … then …\` of a merge. #}
{% macro _merge_clause(clause, matched, dest_columns) -%}
    {%- set action, mode, condition = clause.get('action'), clause.get('mode'), clause.get('condition') -%}
    when {{ '' if matched else 'not ' }}matched{{ ' by ' ~ clause.get('by') if clause.get('by') and not matched }}
    {{- ' and ' ~ (condition if condition is string else '(' ~ (condition | join(') and (')) ~ ')') if condition }} then
    {%- if action == 'delete' %} delete
    {%- elif action == 'do_nothing' %} do nothing
    {%- elif action == 'error' %} error{{ " '" ~ (clause.get('error_message') | replace("'", "''")) ~ "'" if clause.get('error_message') }}
    {%- elif mode in ['by_name', 'by_position'] %} {{ action }} {{ mode | replace('_', ' ') }}
    {%- elif mode == 'star' %} {{ 'update set *' if action == 'update' else 'insert *' }}
    {%- elif action == 'insert' and mode == 'explicit' %}
        {%- set insert = clause.get('insert') or {} %} insert ({{ insert.get('columns', []) | join(', ') }}) values ({{ insert.get('values', []) | join(', ') }})
    {%- elif action == 'update' and matched and mode == 'explicit' %}
        {%- set update = clause.get('update') or {} -%}
        {%- set expressions = update.get('set_expressions') or {} -%}
        {%- set parts = [] -%}
        {%- for column, expression in expressions.items() -%}{%- do parts.append(column ~ ' = ' ~ expression) -%}{%- endfor -%}
        {%- for column in get_merge_update_columns(update.get('include'), update.get('exclude'), dest_columns) if column | replace('"', '') not in expressions -%}
            {%- do parts.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) -%}
        {%- endfor %} update set {{ parts | join(', ') }}
    {%- elif action == 'update' and not matched %}
        {%- set parts = [] -%}
        {%- for column, expression in (clause.get('set_expressions') or {}).items() -%}{%- do parts.append(column ~ ' = ' ~ expression) -%}{%- endfor %} update set {{ parts | join(', ') }}
    {%- endif %}
{%- endmacro %}

{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
    {%- do validate_merge_config(config, target) -%}
    {%- set clauses = config.get('merge_clauses') or {} -%}
    {%- set defaults = merge_clause_defaults(config.get('merge_update_condition'), config.get('merge_insert_condition'), config.get('merge_update_columns') or [], config.get('merge_exclude_columns') or [], config.get('merge_update_set_expressions') or {}) -%}
    {%- set explicit = config.get('merge_update_columns') or config.get('merge_exclude_columns') or config.get('merge_update_set_expressions') -%}
    {%- set update = defaults.when_matched_update_explicit if explicit else defaults.when_matched_update_by_name -%}
    {{ config.get('sql_header') or '' }}
    merge into {{ target }} as DBT_INTERNAL_DEST using {{ source }} as DBT_INTERNAL_SOURCE
    {{ duckdb__merge_join_clause(unique_key, config.get('merge_on_using_columns') or [], normalize_incremental_predicates(incremental_predicates)) }}
    {%- for clause in clauses.get('when_matched', [update]) %}
    {{ _merge_clause(clause, true, dest_columns) }}
    {%- endfor %}
    {%- for clause in clauses.get('when_not_matched', [defaults.when_not_matched_insert_by_name]) %}
    {{ _merge_clause(clause, false, dest_columns) }}
    {%- endfor %}
    {%- set returned = config.get('merge_returning_columns') %}
    {{ 'returning ' ~ (returned if returned is string else returned | join(', ')) if returned }}
{%- endmacro %}

{% macro validate_string_field(field_value, field_name, errors) -%}
    {%- if field_value is not none and field_value is not string -%}{%- do errors.append(field_name ~ ' must be a string, found: ' ~ field_value) -%}{%- endif -%}
{%- endmacro %}
{% macro validate_string_list_field(field_value, field_name, errors) -%}
    {%- if field_value is not none and (field_value is not sequence or field_value is mapping or field_value is string) -%}
        {%- do errors.append(field_name ~ ' must be a list') -%}
    {%- elif field_value is not none -%}
        {%- for item in field_value if item is not string -%}{%- do errors.append(field_name ~ ' must contain only string values, found: ' ~ item) -%}{%- endfor -%}
    {%- endif -%}
{%- endmacro %}
{% macro validate_dict_field(field_value, field_name, errors) -%}
    {%- if field_value is not none and field_value is not mapping -%}{%- do errors.append(field_name ~ ' must be a dictionary, found: ' ~ field_value) -%}{%- endif -%}
{%- endmacro %}

{% macro validate_merge_config(config, target_relation=none) -%}
    {%- set errors = [] -%}
    {%- set kinds = {'merge_update_condition': 'string', 'merge_insert_condition': 'string', 'merge_on_using_columns': 'sequence', 'merge_update_columns': 'sequence', 'merge_update_set_expressions': 'mapping', 'merge_exclude_columns': 'sequence', 'merge_returning_columns': 'sequence'} -%}
    {%- set checks = {'string': validate_string_field, 'sequence': validate_string_list_field, 'mapping': validate_dict_field} -%}
    {%- for name, kind in kinds.items() -%}{%- set check = checks[kind] -%}{%- do check(config.get(name), name, errors) -%}{%- endfor -%}
    {%- do validate_merge_clauses(config, kinds, errors) -%}
    {%- if not errors -%}{%- do validate_ducklake_restrictions(config, target_relation, errors) -%}{%- endif -%}
    {%- if errors -%}{{ exceptions.raise_compiler_error('MERGE configuration errors:\\n' ~ (errors | join('\\n'))) }}{%- endif -%}
{%- endmacro %}
{% macro validate_merge_clauses(config, base_configuration_fields, errors) -%}
    {%- set clauses = config.get('merge_clauses') -%}
    {%- if clauses is none -%}{{ return(none) }}{%- endif -%}
    {%- if clauses is not mapping -%}
        {%- do errors.append('merge_clauses must be a dictionary, found: ' ~ clauses) -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set known = ['when_matched', 'when_not_matched'] | select('in', clauses) | list -%}
    {%- if not known -%}{%- do errors.append("merge_clauses must contain at least one of 'when_matched' or 'when_not_matched' keys") -%}{%- endif -%}
    {%- for one in known -%}{%- do validate_merge_clause_list(clauses, one, errors) -%}{%- endfor -%}
    {%- set basic = [] -%}
    {%- for name in base_configuration_fields if name not in ['merge_on_using_columns', 'merge_returning_columns'] and config.get(name) -%}{%- do basic.append(name) -%}{%- endfor -%}
    {%- if basic -%}
        {%- do errors.append('When merge_clauses is specified, the following basic merge configurations will be ignored and should be removed: ' ~ (basic | join(', ')) ~ '. Define your merge behavior within merge_clauses instead.') -%}
    {%- endif -%}
{%- endmacro %}
{% macro validate_merge_clause_list(merge_clauses, clause_type, errors) -%}
    {%- set clauses = merge_clauses.get(clause_type) -%}
    {%- if clauses is not sequence or clauses is mapping or clauses is string -%}
        {%- do errors.append('merge_clauses.' ~ clause_type ~ ' must be a list') -%}
    {%- elif not clauses -%}
        {%- do errors.append('merge_clauses.' ~ clause_type ~ ' must contain at least one element') -%}
    {%- else -%}
        {%- for clause in clauses if clause is not mapping -%}{%- do errors.append('merge_clauses.' ~ clause_type ~ ' elements must be dictionaries, found: ' ~ clause) -%}{%- endfor -%}
    {%- endif -%}
{%- endmacro %}
{% macro validate_ducklake_restrictions(config, target_relation, errors) -%}
    {%- if target_relation and adapter.is_ducklake(target_relation) and config.get('merge_returning_columns') -%}
        {%- do errors.append('DuckLake MERGE restrictions: merge_returning_columns is not supported because DuckLake does not support RETURNING.') -%}
    {%- endif -%}
{%- endmacro %}
`
