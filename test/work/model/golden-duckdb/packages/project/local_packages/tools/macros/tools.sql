{% macro times(column) %}{{ return(adapter.dispatch('times', 'tools')(column)) }}{% endmacro %}
{% macro default__times(column) %}({{ column }} * {{ var('factor', 3) }} + {{ var('offset', 0) }}){% endmacro %}
{% macro label(text) %}{{ return(adapter.dispatch('label', 'tools')(text)) }}{% endmacro %}
{% macro default__label(text) %}'tools: {{ text }}'{% endmacro %}
{% macro generate_schema_name(custom, node) %}{{ target.schema }}{% if custom %}_x_{{ custom }}{% endif %}{% endmacro %}
