"""Addresses of allocation, below /allocation/."""

from django.urls import path

from nayu.allocation.views import comparing, deciding, projects, results, scenarios

app_name = "allocation"
urlpatterns = [
    path("<int:year>/", scenarios.scenarios, name="scenarios"),
    path("<int:year>/new/", scenarios.new, name="new"),
    path("<int:year>/compare/", comparing.compare, name="compare"),
    path("<int:year>/outcome/<str:code>/", comparing.outcome, name="outcome"),
    path("<int:year>/<int:number>/", scenarios.scenario, name="scenario"),
    path("<int:year>/<int:number>/estimate/", scenarios.estimate, name="estimate"),
    path("<int:year>/<int:number>/rule/", scenarios.rule, name="rule"),
    path("<int:year>/<int:number>/rule/<int:pk>/", scenarios.unrule, name="unrule"),
    path("<int:year>/<int:number>/copy/", scenarios.copy, name="copy"),
    path("<int:year>/<int:number>/ask/", scenarios.ask, name="ask"),
    path("<int:year>/<int:number>/step/", deciding.step, name="step"),
    path("<int:year>/<int:number>/comment/", deciding.comment, name="comment"),
    path("<int:year>/<int:number>/<int:run>/", results.result, name="result"),
    path("<int:year>/<int:number>/<int:run>/stop/", results.stop, name="stop"),
    path("<int:year>/<int:number>/<int:run>/page/", results.one_page, name="one_page"),
    path("<int:year>/<int:number>/<int:run>/files/", results.files, name="files"),
    path("<int:year>/<int:number>/<int:run>/study/", results.study, name="study"),
    path("<int:year>/<int:number>/<int:run>/point/", results.point, name="point"),
    path("<int:year>/<int:number>/<int:run>/<str:code>/", projects.project, name="project"),
    path("<int:year>/<int:number>/<int:run>/<str:code>/hand/", projects.hand, name="hand"),
    path("<int:year>/<int:number>/<int:run>/<str:code>/mark/", projects.mark, name="mark"),
]
