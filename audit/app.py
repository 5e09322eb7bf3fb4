"""Puts the house together."""

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from audit.accounts import views as account_views
from audit.alerts import jobs as alert_jobs
from audit.assignments import jobs as assignment_jobs
from audit.assignments import views as assignment_views
from audit.assignments.views import answering as answering_views
from audit.capture import views as capture_views
from audit.clocks import views as clock_views
from audit.clocks.queries import Rulebook, read_rulebook
from audit.clusters import jobs as cluster_jobs
from audit.clusters import views as cluster_views
from audit.core import db, language
from audit.core.actors import May
from audit.core.fresh import Fresh
from audit.core.settings import Settings, load_settings
from audit.desk import views as desk_views
from audit.documents import jobs as document_jobs
from audit.documents import views as document_views
from audit.documents.views import drafting as drafting_views
from audit.documents.views import files as document_files
from audit.documents.views import packs as document_packs
from audit.duties import views as duty_views
from audit.editions import views as edition_views
from audit.facilities import views as facility_views
from audit.facilities.views import plates as plate_views
from audit.findings import jobs as finding_jobs
from audit.findings import views as finding_views
from audit.findings.views import comparing as comparing_views
from audit.findings.views import life as life_views
from audit.findings.views import many as many_views
from audit.inspections import views as inspection_views
from audit.inspections.views import sync as sync_views
from audit.inspections.views import withdrawing as withdrawing_views
from audit.inspections.views.sync import lists as sync_list_views
from audit.inspections.views.sync import photos as sync_photo_views
from audit.maps import views as map_views
from audit.measures import views as measure_views
from audit.notices import jobs as notice_jobs
from audit.notices import views as notice_views
from audit.notices.views import choosing as channel_views
from audit.notices.views import failed as failed_views
from audit.notices.views import hooks as hook_views
from audit.photos import jobs as photo_jobs
from audit.photos import views as photo_views
from audit.policy import views as policy_views
from audit.policy.queries import Overlay
from audit.policy.views import severities as severity_views
from audit.policy.views import texts as text_views
from audit.queue import engine
from audit.register import views as register_views
from audit.register.views import many as many_places_views
from audit.register.views import review as review_views
from audit.register.views import splitting as splitting_views
from audit.rejudging import jobs as rejudging_jobs
from audit.rejudging import views as rejudging_views
from audit.routing import views as routing_views
from audit.saved import views as saved_views
from audit.standards import views as standard_views
from audit.statistics import views as statistics_views
from audit.transfer import jobs as transfer_jobs
from audit.transfer import views as transfer_views
from audit.transfer.views import files as transfer_files
from audit.web import access, assets, bodies, errors, pages, security
from audit.web.pages import NavItem
from audit.webscan import jobs as scan_jobs
from audit.webscan import views as scan_views

NAV = [
    NavItem("desk.start", _("我的工作"), (), ("saved",)),
    NavItem(
        "facilities.index",
        _("设施"),
        (May.SEE_FACILITIES,),
        ("duties", "measures", "plates", "register", "many_places", "transfer"),
    ),
    NavItem("inspections.index", _("检查"), (May.SEE_INSPECTIONS,), ("withdrawals",)),
    NavItem(
        "findings.index",
        _("问题"),
        (May.SEE_FINDINGS,),
        ("many", "comparison", "clusters", "assignments"),
    ),
    NavItem(
        "documents.index",
        _("文书"),
        (May.SEE_DOCUMENTS, May.SEE_PACKS),
        ("drafting", "papers", "packs"),
    ),
    NavItem("maps.show", _("地图"), (May.SEE_MAP,)),
    NavItem("statistics.index", _("统计"), (May.SEE_STATISTICS,)),
    NavItem("webscan.index", _("网站扫描"), (May.SEE_SCANS,)),
    NavItem("organisations.index", _("单位和部门"), (May.MANAGE_ORGANISATIONS,)),
    NavItem("people.index", _("人员"), (May.SEE_PEOPLE,), ("newcomers",)),
    NavItem(
        "policy.index",
        _("设置"),
        (May.SEE_SETTINGS,),
        ("severities", "texts", "clocks", "webhooks"),
    ),
]
MEGABYTE = 1_000_000
# to import them is to register them
JOBS = (
    alert_jobs,
    assignment_jobs,
    cluster_jobs,
    document_jobs,
    finding_jobs,
    notice_jobs,
    photo_jobs,
    rejudging_jobs,
    scan_jobs,
    transfer_jobs,
)
BLUEPRINTS = (
    assignment_views.bp,
    answering_views.bp,
    capture_views.bp,
    clock_views.bp,
    cluster_views.bp,
    desk_views.bp,
    facility_views.bp,
    document_views.bp,
    drafting_views.bp,
    document_files.bp,
    document_packs.bp,
    duty_views.bp,
    edition_views.bp,
    measure_views.bp,
    notice_views.bp,
    channel_views.bp,
    failed_views.bp,
    hook_views.bp,
    plate_views.bp,
    register_views.bp,
    many_places_views.bp,
    review_views.bp,
    splitting_views.bp,
    inspection_views.bp,
    withdrawing_views.bp,
    sync_views.bp,
    sync_list_views.bp,
    sync_photo_views.bp,
    finding_views.bp,
    many_views.bp,
    comparing_views.bp,
    life_views.bp,
    map_views.bp,
    photo_views.bp,
    policy_views.bp,
    text_views.bp,
    severity_views.bp,
    saved_views.bp,
    rejudging_views.bp,
    routing_views.bp,
    scan_views.bp,
    standard_views.bp,
    statistics_views.bp,
    transfer_views.bp,
    transfer_files.exports,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application, ready to serve, work or run commands."""
    chosen = settings or load_settings()
    app = Flask(__name__, static_folder=None, template_folder="../templates")
    app.config.update(
        SETTINGS=chosen,
        SECRET_KEY=chosen.secret_key(),
        SQLALCHEMY_DATABASE_URI=chosen.database(),
        SESSION_COOKIE_NAME="tantu",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=chosen.is_https,
        WTF_CSRF_TIME_LIMIT=None,  # as old as the session; a form open for hours loses nothing
        MAX_CONTENT_LENGTH=200 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=4 * MEGABYTE,
        MAX_FORM_PARTS=4000,
    )
    if chosen.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    for part in (language, db, assets, security, errors):
        part.init_app(app)
    app.extensions["policy"] = Overlay()
    app.extensions["rulebook"] = Fresh(read_rulebook, Rulebook())
    pages.init_app(app, NAV)
    account_views.init_app(app)
    answering_views.init_app(app)
    access.init_app(app)
    bodies.init_app(app)
    CSRFProtect(app)
    engine.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    access.check_marks(app)
    return app
