{% macro wrapped(x) %}{{ x }} * 1{% endmacro %}
{% macro today() %}current_date{% endmacro %}
