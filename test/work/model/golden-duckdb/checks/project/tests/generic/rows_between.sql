{% test rows_between(model, low, high, group_by=[]) %}
{{ config(fail_calc='coalesce(max(off), 0)', store_failures=true) }}
select count(*) as n, case when count(*) < {{ low }} then {{ low }} - count(*) when count(*) > {{ high }} then count(*) - {{ high }} else 0 end as off
from {{ model }}
{%- if group_by %} group by {{ group_by | join(', ') }}{% endif %}
{% endtest %}

{% test same_sum(model, other, column_name) %}
with mine as (select sum({{ column_name }}) as s from {{ model }}), theirs as (select sum({{ column_name }}) as s from {{ other }})
select mine.s, theirs.s as other from mine, theirs where mine.s is distinct from theirs.s
{% endtest %}
