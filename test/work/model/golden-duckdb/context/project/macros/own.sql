{% macro kind(value) %}{% do return(('none' if value is none else 'text' if value is string else 'number' if value is number else 'list' if value is sequence and value is not mapping else 'other')) %}{% endmacro %}
{% macro many() %}{% do return({'args': varargs, 'named': kwargs}) %}{% endmacro %}
{% macro default__shout(x) %}default {{ x }}{% endmacro %}
{% macro duckdb__shout(x) %}duckdb {{ x }}{% endmacro %}
{% macro shout(x) %}{{ return(adapter.dispatch('shout', 'told')(x)) }}{% endmacro %}
{% macro _hidden(x=1) -%}hidden {{ x }}{%- endmacro %}
{% macro wrapped() -%}<{{ caller() | trim }}>{%- endmacro %}
