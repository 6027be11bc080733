{{ config(enabled=var('switched_on', true), schema='own_schema') }}
select 1 as id, '{{ builtins.ref.config.project_name }}' as project
