"""Roles and kinds of organisation as people read them, and write them in a table to import."""

from collections.abc import Mapping

from audit.core.actors import Role
from audit.core.text import Text

from .organisations import OrganisationKind

ROLES: Mapping[Role, Text] = {
    Role.SUPERVISOR: Text("监督员", "Supervisor"),
    Role.COORDINATOR: Text("残联工作人员", "Coordinator (Disabled Persons' Federation)"),
    Role.DEPARTMENT: Text("主管部门", "Department"),
    Role.PLANNER: Text("规划人员", "Planner"),
    Role.ORGANISATION: Text("整改单位", "Responsible organisation"),
    Role.ASSESSOR: Text("第三方评估", "Third-party assessor"),
    Role.PROSECUTOR: Text("检察机关（只读）", "Procuratorate (read only)"),
    Role.AUDITOR: Text("审计员", "Auditor"),
    Role.ADMINISTRATOR: Text("系统管理员", "System administrator"),
    Role.SECURITY: Text("安全管理员", "Security administrator"),
}
ORGANISATION_KINDS: Mapping[OrganisationKind, Text] = {
    OrganisationKind.FEDERATION: Text("残联", "Disabled Persons' Federation"),
    OrganisationKind.DEPARTMENT: Text("主管部门", "Department"),
    OrganisationKind.OWNER: Text(
        "责任单位（业主、管理或使用单位）", "Owner, manager or user of places"
    ),
    OrganisationKind.PROCURATORATE: Text("检察机关", "Procuratorate"),
    OrganisationKind.ASSESSOR: Text("第三方评估机构", "Third-party assessor"),
}
