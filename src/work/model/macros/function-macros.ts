/** dbt's macros of user-defined functions and of models in Python, which are written but not run here. */
export const FUNCTION_MACROS = `
{% materialization function, default, supported_languages=['sql', 'python', 'javascript'] %}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type=this.Function) %}
    {{ run_hooks(pre_hooks) }}
    {% set kind = (model.config.get('type') or 'scalar') ~ '_function_' ~ (model.get('language') or 'sql') %}
    {% set implementation = adapter.dispatch %}
    {{ function_execute_build_sql(implementation(kind, 'dbt')(target_relation), existing_relation, target_relation) }}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro function_execute_build_sql(build_sql, existing_relation, target_relation) %}
    {{ return(adapter.dispatch('function_execute_build_sql', 'dbt')(build_sql, existing_relation, target_relation)) }}
{% endmacro %}
{% macro default__function_execute_build_sql(build_sql, existing_relation, target_relation) %}
    {% call statement(name='main') %}{{ build_sql }}{% endcall %}
    {% do _settle(target_relation, existing_relation, true) %}
    {{ adapter.commit() }}
{% endmacro %}

{% macro scalar_function_sql(target_relation) %}
    {{ return(adapter.dispatch('scalar_function_sql', 'dbt')(target_relation)) }}
{% endmacro %}
{% macro default__scalar_function_sql(target_relation) %}
    {{ scalar_function_create_replace_signature_sql(target_relation) }}
    {{ scalar_function_body_sql() }};
{% endmacro %}

{% macro scalar_function_create_replace_signature_sql(target_relation) %}
    {{ return(adapter.dispatch('scalar_function_create_replace_signature_sql', 'dbt')(target_relation)) }}
{% endmacro %}
{% macro default__scalar_function_create_replace_signature_sql(target_relation) %}
    create or replace function {{ target_relation.render() }} ({{ formatted_scalar_function_args_sql() }})
    returns {{ model.returns.data_type }}
    {{ scalar_function_volatility_sql() }}
    as
{% endmacro %}

{% macro formatted_scalar_function_args_sql() %}
    {{ return(adapter.dispatch('formatted_scalar_function_args_sql', 'dbt')()) }}
{% endmacro %}
{% macro default__formatted_scalar_function_args_sql() %}
    {% for one in model.arguments %}{{ one.name }} {{ one.data_type }}{{ ', ' if not loop.last }}{% endfor %}
{% endmacro %}
{% macro formatted_scalar_function_args_javascript() %}
    {{ return(adapter.dispatch('formatted_scalar_function_args_javascript', 'dbt')()) }}
{% endmacro %}
{% macro default__formatted_scalar_function_args_javascript() %}
    {% do exceptions.raise_compiler_error('formatted_scalar_function_args_javascript not implemented for adapter ' ~ adapter.type()) %}
{% endmacro %}

{% macro scalar_function_body_sql() %}
    {{ return(adapter.dispatch('scalar_function_body_sql', 'dbt')()) }}
{% endmacro %}
{% macro default__scalar_function_body_sql() %}
    $$
       {{ model.compiled_code }}
    $$ language sql
{% endmacro %}

{% macro scalar_function_volatility_sql() %}
    {{ return(adapter.dispatch('scalar_function_volatility_sql', 'dbt')()) }}
{% endmacro %}
{% macro default__scalar_function_volatility_sql() %}
    {% set written = model.config.get('volatility') %}
    {% set word = {'deterministic': 'immutable', 'stable': 'stable', 'non-deterministic': 'volatile'}.get(written) %}
    {% if word %}{{ word }}{% elif written %}{% do unsupported_volatility_warning(written) %}{% endif %}
{% endmacro %}
{% macro scalar_function_volatility_javascript() %}
    {{ return(adapter.dispatch('scalar_function_volatility_javascript', 'dbt')()) }}
{% endmacro %}
{% macro default__scalar_function_volatility_javascript() %}
    {% if model.config.get('volatility') %}{% do unsupported_volatility_warning(model.config.get('volatility')) %}{% endif %}
{% endmacro %}
{% macro unsupported_volatility_warning(volatility) %}
    {{ return(adapter.dispatch('unsupported_volatility_warning', 'dbt')(volatility)) }}
{% endmacro %}
{% macro default__unsupported_volatility_warning(volatility) %}
    {% do exceptions.warn('Found \`' ~ volatility ~ '\` volatility specified on function \`' ~ model.name ~ '\`. This volatility is not supported by ' ~ adapter.type() ~ ', and will be ignored') %}
{% endmacro %}

{% macro get_aggregate_function_create_replace_signature(target_relation) %}
    {{ return(adapter.dispatch('get_aggregate_function_create_replace_signature', 'dbt')(target_relation)) }}
{% endmacro %}
{% macro default__get_aggregate_function_create_replace_signature(target_relation) %}
    create or replace aggregate function {{ target_relation.render() }} ({{ get_formatted_aggregate_function_args() }})
    returns {{ model.returns.data_type }}
    {{ get_function_language_specifier() }}
    {{ get_aggregate_function_volatility_specifier() }}
    {{ get_function_python_options() if model.get('language') == 'python' }}
    as
{% endmacro %}
{% macro get_formatted_aggregate_function_args() %}
    {{ return(adapter.dispatch('get_formatted_aggregate_function_args', 'dbt')()) }}
{% endmacro %}
{% macro default__get_formatted_aggregate_function_args() %}{{ formatted_scalar_function_args_sql() }}{% endmacro %}
{% macro get_function_language_specifier() %}
    {{ return(adapter.dispatch('get_function_language_specifier', 'dbt')()) }}
{% endmacro %}
{% macro default__get_function_language_specifier() %}
    {% set language = model.get('language') or 'sql' %}
    {% if language != 'sql' %}language {{ {'javascript': 'js'}.get(language, language) }}{% endif %}
{% endmacro %}
{% macro get_aggregate_function_volatility_specifier() %}
    {{ return(adapter.dispatch('get_aggregate_function_volatility_specifier', 'dbt')()) }}
{% endmacro %}
{% macro default__get_aggregate_function_volatility_specifier() %}{{ scalar_function_volatility_sql() }}{% endmacro %}
{% macro get_function_python_options() %}
    {{ return(adapter.dispatch('get_function_python_options', 'dbt')()) }}
{% endmacro %}
{% macro default__get_function_python_options() %}
    runtime_version = '{{ model.config.get('runtime_version') }}'
    handler = '{{ model.config.get('entry_point') }}'
    {% if model.config.get('packages') %}packages = ('{{ model.config.get('packages') | join("','") }}'){% endif %}
{% endmacro %}

{# Other engines' adapters call these for models in Python. #}
{% macro build_ref_function(model) %}
    {%- set names = {} -%}
    {%- for one in model.refs -%}
        {%- set path = ([one.package] if one.package else []) + [one.name] -%}
        {%- set key = path + (['v' ~ one.version] if one.version else []) -%}
        {%- do names.update({key | join('.'): resolve_model_name(ref(*path, v=one.get('version')))}) -%}
    {%- endfor -%}
def ref(*args, dbt_load_df_function=None, **versions):
    version = versions.get("v") or versions.get("version")
    return dbt_load_df_function({{ names | tojson }}[".".join(args) + (f".v{version}" if version else "")])
{% endmacro %}
{% macro build_source_function(model) %}
    {%- set names = {} -%}
    {%- for one in model.sources -%}{%- do names.update({one | join('.'): resolve_model_name(source(*one))}) -%}{%- endfor -%}
def source(*args, dbt_load_df_function):
    return dbt_load_df_function({{ names | tojson }}[".".join(args)])
{% endmacro %}
{% macro build_config_dict(model) %}
    {%- set settings = {} -%}
    {%- for key in model.config.get('config_keys_used') or [] -%}{%- do settings.update({key: model.config.get(key)}) -%}{%- endfor -%}
config_dict = {{ settings }}
meta_dict = {{ model.config.get('meta') or {} }}
{% endmacro %}
{% macro py_script_postfix(model) %}
{{ build_ref_function(model) }}
{{ build_source_function(model) }}
{{ build_config_dict(model) }}
{{ py_script_comment() }}
{% endmacro %}
{% macro py_script_comment() %}{% endmacro %}
{% macro py_write_table(temporary, relation, compiled_code, partitioned_by=none, sorted_by=none) -%}
    {{ exceptions.raise_not_implemented('models in Python cannot be run') }}
{%- endmacro %}
`
