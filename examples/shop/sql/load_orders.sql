-- One day of totals into the warehouse: the day is replaced, so that running it again changes nothing.
create schema if not exists warehouse;

create table if not exists warehouse.daily_totals (
    date date,
    user_id bigint,
    product_id bigint,
    total_spent decimal(38, 2),
    transaction_count bigint
);

delete from warehouse.daily_totals where date = {{ ds }}::date;

insert into warehouse.daily_totals (date, user_id, product_id, total_spent, transaction_count)
select date, user_id, product_id, total_spent, transaction_count
from {{ totals }}
where date = {{ ds }}::date;
