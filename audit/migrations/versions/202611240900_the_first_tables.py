"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = '202611240900'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    
    op.create_table('counter',
    sa.Column('series', sa.String(length=40), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('series', name=op.f('pk_counter'))
    )
    op.create_table('district',
    sa.Column('code', sa.String(length=12), nullable=False, comment='GB/T 2260 or Z…'),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('level', sa.String(length=24), nullable=False),
    sa.Column('parent_code', sa.String(length=12), nullable=True),
    sa.Column('boundary', sa.Text(), nullable=True, comment='GeoJSON geometry, WGS-84 lon,lat'),
    sa.Column('sample', sa.Boolean(), nullable=False, comment='a made-up outline for the demo'),
    sa.CheckConstraint("level in ('city', 'county', 'zone', 'town')", name=op.f('ck_district_level')),
    sa.ForeignKeyConstraint(['parent_code'], ['district.code'], name=op.f('fk_district_parent_code')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_district'))
    )
    with op.batch_alter_table('district', schema=None) as batch_op:
        batch_op.create_index('ix_district_parent_code', ['parent_code'], unique=False)

    op.create_table('job_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('job', sa.String(length=60), nullable=False),
    sa.Column('arguments', sa.JSON(), nullable=False, comment='ids only'),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True, comment='null unless running'),
    sa.Column('worker', sa.String(length=80), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_run'))
    )
    with op.batch_alter_table('job_run', schema=None) as batch_op:
        batch_op.create_index('ix_job_run_state_lease_until', ['state', 'lease_until'], unique=False)

    op.create_table('journal_entry',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True, comment='null: the system itself'),
    sa.Column('actor_name', sa.String(length=100), nullable=False),
    sa.Column('verb', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='what was acted on: facility, finding …'),
    sa.Column('subject_id', sa.String(length=60), nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_journal_entry'))
    )
    with op.batch_alter_table('journal_entry', schema=None) as batch_op:
        batch_op.create_index('ix_journal_entry_at', ['at'], unique=False)
        batch_op.create_index('ix_journal_entry_subject', ['kind', 'subject_id', 'seq'], unique=False)

    op.create_table('journal_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal_head'))
    )
    op.create_table('login_failure',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_failure'))
    )
    with op.batch_alter_table('login_failure', schema=None) as batch_op:
        batch_op.create_index('ix_login_failure_login_at', ['login', 'at'], unique=False)

    op.create_table('map_cell',
    sa.Column('zoom', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('cell', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('n1', sa.Integer(), nullable=False),
    sa.Column('n2', sa.Integer(), nullable=False),
    sa.Column('n3', sa.Integer(), nullable=False),
    sa.Column('n4', sa.Integer(), nullable=False),
    sa.Column('east', sa.BigInteger(), nullable=False, comment='sum of longitudes, millionths'),
    sa.Column('north', sa.BigInteger(), nullable=False, comment='sum of latitudes, millionths'),
    sa.PrimaryKeyConstraint('zoom', 'cell', 'district_code', 'kind', 'state', name=op.f('pk_map_cell'))
    )
    op.create_table('organisation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('name', name=op.f('uq_organisation_name'))
    )
    op.create_table('photo',
    sa.Column('id', sa.Uuid(), nullable=False, comment='UUIDv7, made by the sender'),
    sa.Column('sha256', sa.String(length=64), nullable=False, comment='of the bytes received'),
    sa.Column('byte_size', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False, comment='pixels, upright'),
    sa.Column('height', sa.Integer(), nullable=False, comment='pixels, upright'),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True, comment='WGS-84'),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('place_source', sa.String(length=8), nullable=True),
    sa.Column('uploaded_by_id', sa.Uuid(), nullable=True, comment='null: system or the public'),
    sa.Column('uploaded_by_name', sa.String(length=100), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=True),
    sa.Column('original_gone_at', sa.DateTime(timezone=True), nullable=True, comment='when the sealed original was destroyed'),
    sa.CheckConstraint('(lon IS NULL) = (lat IS NULL)', name=op.f('ck_photo_place_whole')),
    sa.CheckConstraint('byte_size > 0 AND width > 0 AND height > 0', name=op.f('ck_photo_size')),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_photo_sha256')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90', name=op.f('ck_photo_place')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo'))
    )
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.create_index('ix_photo_sha256', ['sha256'], unique=False)
        batch_op.create_index('ix_photo_uploaded_by_id_uploaded_at', ['uploaded_by_id', 'uploaded_at'], unique=False)

    op.create_table('facility',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False, comment='ZY-WC-000012'),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False, comment='county or zone that answers for it'),
    sa.Column('town_code', sa.String(length=12), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True, comment='WGS-84'),
    sa.Column('lat', sa.Double(), nullable=True, comment='WGS-84'),
    sa.Column('cell', sa.BigInteger(), nullable=True, comment='z-order at zoom 21'),
    sa.Column('shape', sa.Text(), nullable=True, comment='GeoJSON geometry of a line or area'),
    sa.Column('url', sa.String(length=500), nullable=True),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('built_on', sa.Date(), nullable=True, comment='null: not known'),
    sa.Column('altered_on', sa.Date(), nullable=True, comment='last alteration; null: none known'),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('review', sa.String(length=24), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('search', sa.String(length=500), nullable=False, comment='normalised name, address, number'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_by_name', sa.String(length=60), nullable=False),
    sa.CheckConstraint("(kind = 'website') = (lon is null)", name=op.f('ck_facility_place_unless_website')),
    sa.CheckConstraint("(kind = 'website') = (url is not null)", name=op.f('ck_facility_url_iff_website')),
    sa.CheckConstraint('(lon is null) = (lat is null)', name=op.f('ck_facility_whole_place')),
    sa.ForeignKeyConstraint(['district_code'], ['district.code'], name=op.f('fk_facility_district_code')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_facility_organisation_id')),
    sa.ForeignKeyConstraint(['town_code'], ['district.code'], name=op.f('fk_facility_town_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_facility')),
    sa.UniqueConstraint('number', name=op.f('uq_facility_number'))
    )
    with op.batch_alter_table('facility', schema=None) as batch_op:
        batch_op.create_index('ix_facility_cell', ['cell', 'kind', 'district_code', 'organisation_id', 'active', 'review', 'lon', 'lat'], unique=False)
        batch_op.create_index('ix_facility_district_code', ['district_code'], unique=False)
        batch_op.create_index('ix_facility_kind_district_code', ['kind', 'district_code'], unique=False)
        batch_op.create_index('ix_facility_organisation_id', ['organisation_id'], unique=False)

    op.create_table('user_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False, comment='lower case'),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False, comment='argon2id'),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_user_account_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('login', name=op.f('uq_user_account_login'))
    )
    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.create_index('ix_user_account_organisation_id', ['organisation_id'], unique=False)

    op.create_table('finding',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False, comment='ZY-2026-000123'),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False, comment='of the facility, which never changes it'),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('checklist_id', sa.String(length=64), nullable=False, comment='empty for scans'),
    sa.Column('rule_id', sa.String(length=80), nullable=False, comment='item id, or rule of the scanner'),
    sa.Column('title_zh', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.Column('severity', sa.String(length=2), nullable=False),
    sa.Column('defect', sa.String(length=12), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False, comment='measured, required, citations in both languages'),
    sa.Column('unverified', sa.Boolean(), nullable=False, comment='条文待核'),
    sa.Column('experience', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('lon', sa.Double(), nullable=True, comment='of the facility, WGS-84'),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('cell', sa.BigInteger(), nullable=True),
    sa.Column('organisation_id', sa.Uuid(), nullable=True, comment='who must fix it, once dispatched'),
    sa.Column('found_by_id', sa.Uuid(), nullable=True),
    sa.Column('fixed_by_id', sa.Uuid(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times_found', sa.Integer(), nullable=False),
    sa.Column('last_seq', sa.Integer(), nullable=False, comment='of its latest event'),
    sa.ForeignKeyConstraint(['district_code'], ['district.code'], name=op.f('fk_finding_district_code')),
    sa.ForeignKeyConstraint(['facility_id'], ['facility.id'], name=op.f('fk_finding_facility_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_finding_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding')),
    sa.UniqueConstraint('number', name=op.f('uq_finding_number'))
    )
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.create_index('ix_finding_cell', ['cell', 'state', 'severity', 'district_code', 'kind', 'organisation_id', 'lon', 'lat'], unique=False)
        batch_op.create_index('ix_finding_district_code_state', ['district_code', 'state'], unique=False)
        batch_op.create_index('ix_finding_facility_id', ['facility_id'], unique=False)
        batch_op.create_index('ix_finding_opened_at', ['opened_at'], unique=False)
        batch_op.create_index('ix_finding_organisation_id', ['organisation_id'], unique=False)
        batch_op.create_index('ix_finding_severity_opened_at', ['severity', 'opened_at'], unique=False)
        batch_op.create_index('ix_finding_title_en', ['title_en'], unique=False)
        batch_op.create_index('ix_finding_title_zh', ['title_zh'], unique=False)
        batch_op.create_index('uq_finding_one_open', ['facility_id', 'rule_id'], unique=True, sqlite_where=sa.text("state not in ('closed', 'rejected')"), postgresql_where=sa.text("state not in ('closed', 'rejected')"))

    op.create_table('login_session',
    sa.Column('token_hash', sa.String(length=64), nullable=False, comment='SHA-256'),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_login_session_user_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_login_session'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.create_index('ix_login_session_user_id', ['user_id'], unique=False)

    op.create_table('role_grant',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=24), nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=True, comment='null: the whole city'),
    sa.ForeignKeyConstraint(['district_code'], ['district.code'], name=op.f('fk_role_grant_district_code')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_role_grant_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant')),
    sa.UniqueConstraint('user_id', 'role', 'district_code', name=op.f('uq_role_grant_user_id_role_district_code'))
    )
    op.create_table('scan',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('pages_wanted', sa.Integer(), nullable=False),
    sa.Column('requested_by_id', sa.Uuid(), nullable=True),
    sa.Column('requested_by_name', sa.String(length=60), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('engine', sa.JSON(), nullable=False, comment='engine, browser, viewport: a newer engine is no worse site'),
    sa.Column('error', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['facility_id'], ['facility.id'], name=op.f('fk_scan_facility_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scan'))
    )
    with op.batch_alter_table('scan', schema=None) as batch_op:
        batch_op.create_index('ix_scan_facility_id', ['facility_id', 'requested_at'], unique=False)

    op.create_table('finding_event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('verb', sa.String(length=24), nullable=False),
    sa.Column('from_state', sa.String(length=24), nullable=True),
    sa.Column('to_state', sa.String(length=24), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_finding_event_finding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_event')),
    sa.UniqueConstraint('finding_id', 'seq', name=op.f('uq_finding_event_finding_id_seq'))
    )
    op.create_table('inspection',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('checklist_id', sa.String(length=64), nullable=False),
    sa.Column('edition', sa.String(length=20), nullable=False),
    sa.Column('checklist_hash', sa.String(length=64), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('verifies_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('inspector_id', sa.Uuid(), nullable=True),
    sa.Column('inspector_name', sa.String(length=60), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True, comment='of the phone, WGS-84; private evidence'),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False, comment="the facility's facts as they were judged"),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('no_photo_reason', sa.Text(), nullable=False),
    sa.Column('typed', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(state = 'submitted') = (filed_at is not null)", name=op.f('ck_inspection_filed')),
    sa.CheckConstraint('(round > 1) = (verifies_id is not null)', name=op.f('ck_inspection_recheck_names_finding')),
    sa.ForeignKeyConstraint(['district_code'], ['district.code'], name=op.f('fk_inspection_district_code')),
    sa.ForeignKeyConstraint(['facility_id'], ['facility.id'], name=op.f('fk_inspection_facility_id')),
    sa.ForeignKeyConstraint(['verifies_id'], ['finding.id'], name=op.f('fk_inspection_verifies_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection'))
    )
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.create_index('ix_inspection_district_code_filed_at', ['district_code', 'filed_at'], unique=False)
        batch_op.create_index('ix_inspection_facility_id', ['facility_id'], unique=False)
        batch_op.create_index('ix_inspection_inspector_id_state', ['inspector_id', 'state'], unique=False)
        batch_op.create_index('ix_inspection_verifies_id', ['verifies_id'], unique=False)

    op.create_table('scan_page',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scan_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('final_url', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(length=24), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False, comment='HTTP; 0: none'),
    sa.Column('cause', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False, comment='links, frames, rules passed and left out, refusals'),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['scan_id'], ['scan.id'], name=op.f('fk_scan_page_scan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scan_page')),
    sa.UniqueConstraint('scan_id', 'url', name=op.f('uq_scan_page_scan_id_url'))
    )
    op.create_table('finding_photo',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['finding_event.id'], name=op.f('fk_finding_photo_event_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_finding_photo_photo_id')),
    sa.PrimaryKeyConstraint('event_id', 'photo_id', name=op.f('pk_finding_photo'))
    )
    with op.batch_alter_table('finding_photo', schema=None) as batch_op:
        batch_op.create_index('ix_finding_photo_photo_id', ['photo_id'], unique=False)

    op.create_table('inspection_answer',
    sa.Column('inspection_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('verdict', sa.String(length=16), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('unverified', sa.Boolean(), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_inspection_answer_finding_id')),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_inspection_answer_inspection_id')),
    sa.PrimaryKeyConstraint('inspection_id', 'item_id', name=op.f('pk_inspection_answer'))
    )
    with op.batch_alter_table('inspection_answer', schema=None) as batch_op:
        batch_op.create_index('ix_inspection_answer_finding_id', ['finding_id'], unique=False)
        batch_op.create_index('ix_inspection_answer_item_id_verdict', ['item_id', 'verdict'], unique=False)

    op.create_table('inspection_photo',
    sa.Column('inspection_id', sa.Uuid(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_inspection_photo_inspection_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_inspection_photo_photo_id')),
    sa.PrimaryKeyConstraint('inspection_id', 'photo_id', name=op.f('pk_inspection_photo'))
    )
    with op.batch_alter_table('inspection_photo', schema=None) as batch_op:
        batch_op.create_index('ix_inspection_photo_photo_id', ['photo_id'], unique=False)

    op.create_table('scan_result',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('page_id', sa.Uuid(), nullable=False),
    sa.Column('rule', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('impact', sa.String(length=24), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('elements', sa.JSON(), nullable=False, comment='target, snippet, message, picture (SHA-256) of each element'),
    sa.Column('element_count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['page_id'], ['scan_page.id'], name=op.f('fk_scan_result_page_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scan_result')),
    sa.UniqueConstraint('page_id', 'rule', 'kind', name=op.f('uq_scan_result_page_id_rule_kind'))
    )
    


def downgrade() -> None:
    
    op.drop_table('scan_result')
    with op.batch_alter_table('inspection_photo', schema=None) as batch_op:
        batch_op.drop_index('ix_inspection_photo_photo_id')

    op.drop_table('inspection_photo')
    with op.batch_alter_table('inspection_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_inspection_answer_item_id_verdict')
        batch_op.drop_index('ix_inspection_answer_finding_id')

    op.drop_table('inspection_answer')
    with op.batch_alter_table('finding_photo', schema=None) as batch_op:
        batch_op.drop_index('ix_finding_photo_photo_id')

    op.drop_table('finding_photo')
    op.drop_table('scan_page')
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.drop_index('ix_inspection_verifies_id')
        batch_op.drop_index('ix_inspection_inspector_id_state')
        batch_op.drop_index('ix_inspection_facility_id')
        batch_op.drop_index('ix_inspection_district_code_filed_at')

    op.drop_table('inspection')
    op.drop_table('finding_event')
    with op.batch_alter_table('scan', schema=None) as batch_op:
        batch_op.drop_index('ix_scan_facility_id')

    op.drop_table('scan')
    op.drop_table('role_grant')
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_index('ix_login_session_user_id')

    op.drop_table('login_session')
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.drop_index('uq_finding_one_open', sqlite_where=sa.text("state not in ('closed', 'rejected')"), postgresql_where=sa.text("state not in ('closed', 'rejected')"))
        batch_op.drop_index('ix_finding_title_zh')
        batch_op.drop_index('ix_finding_title_en')
        batch_op.drop_index('ix_finding_severity_opened_at')
        batch_op.drop_index('ix_finding_organisation_id')
        batch_op.drop_index('ix_finding_opened_at')
        batch_op.drop_index('ix_finding_facility_id')
        batch_op.drop_index('ix_finding_district_code_state')
        batch_op.drop_index('ix_finding_cell')

    op.drop_table('finding')
    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.drop_index('ix_user_account_organisation_id')

    op.drop_table('user_account')
    with op.batch_alter_table('facility', schema=None) as batch_op:
        batch_op.drop_index('ix_facility_organisation_id')
        batch_op.drop_index('ix_facility_kind_district_code')
        batch_op.drop_index('ix_facility_district_code')
        batch_op.drop_index('ix_facility_cell')

    op.drop_table('facility')
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_index('ix_photo_uploaded_by_id_uploaded_at')
        batch_op.drop_index('ix_photo_sha256')

    op.drop_table('photo')
    op.drop_table('organisation')
    op.drop_table('map_cell')
    with op.batch_alter_table('login_failure', schema=None) as batch_op:
        batch_op.drop_index('ix_login_failure_login_at')

    op.drop_table('login_failure')
    op.drop_table('journal_head')
    with op.batch_alter_table('journal_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_journal_entry_subject')
        batch_op.drop_index('ix_journal_entry_at')

    op.drop_table('journal_entry')
    with op.batch_alter_table('job_run', schema=None) as batch_op:
        batch_op.drop_index('ix_job_run_state_lease_until')

    op.drop_table('job_run')
    with op.batch_alter_table('district', schema=None) as batch_op:
        batch_op.drop_index('ix_district_parent_code')

    op.drop_table('district')
    op.drop_table('counter')
    
