{% macro default__label(text) %}'mine: {{ text }}'{% endmacro %}
