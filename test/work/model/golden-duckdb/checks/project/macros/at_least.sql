{% test at_least(model, column_name, floor=0, unless=none) %}
{{ config(severity='warn', tags=['bounds']) }}
select {{ column_name }} as value_below from {{ model }} where {{ column_name }} < {{ floor }}
{% if unless is not none %} and not ({{ unless }}) {% endif %}
{% endtest %}
