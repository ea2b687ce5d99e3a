"""The nightly run as an Airflow DAG (Airflow 3): one task a day, one day at a time.

A day that failed is judged again by clearing it: `adjudicate-nightly` leaves a night
that is complete as it is.
"""

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    dag_id="adjudicate_nightly",
    description="Claim lines of the last day against coverage policies",
    schedule="30 2 * * *",
    start_date=datetime(2026, 1, 1),
    # The lines of a night take part in the next one.
    max_active_runs=1,
    catchup=False,
    default_args={"depends_on_past": True, "retries": 1, "retry_delay": timedelta(minutes=15)},
) as dag:
    BashOperator(
        task_id="run",
        # 3 is a complete run with rejects, fewer than max-rejects allows. The summary,
        # which names providers, is kept out of Airflow's log.
        bash_command=(
            "adjudicate-nightly {{ macros.ds_add(ds, -1) }} >/dev/null || test $? -eq 3"
        ),
        env={"ADJUDICATE_LOG_FORMAT": "json"},
        append_env=True,
        execution_timeout=timedelta(hours=4),
    )
