"""The pages of plans: the list, a plan, its tasks, its report; importing a document and reviewing it."""

from django.urls import path

from hutong.indicators.pages import plans, reports, reviews

urlpatterns = [
    path("plan", plans.listing, name="plans"),
    path("plan/import", reviews.upload, name="plan-import"),
    path("plan/import/jobs/<str:job>", reviews.reading, name="plan-reading"),
    path("plan/import/<int:document>", reviews.document, name="plan-document"),
    path("plan/import/<int:document>/accept", reviews.accept, name="plan-accept"),
    path("plan/import/<int:document>/publish", reviews.publish, name="plan-publish"),
    path("plan/import/<int:document>/items/<int:item>", reviews.decide, name="plan-decide"),
    path("plan/<slug:plan>", plans.plan, name="plan"),
    path("plan/<slug:plan>/report.docx", reports.word, name="plan-report-docx"),
    path("plan/<slug:plan>/report.xlsx", reports.sheet, name="plan-report-xlsx"),
    path("plan/<slug:plan>/tasks/<slug:task>", plans.task, name="plan-task"),
]
