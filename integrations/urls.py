"""Pages of the middle floor: what moves."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from integrations.views import (
    approval_policy,
    authorise,
    change,
    change_verbs,
    changes,
    contracts,
    dependencies,
    documentation,
    draft_edit,
    endpoint,
    endpoints,
    extensions,
    flow_map,
    flow_new,
    flows,
    lookups,
    lookups_files,
    lookups_table,
    mapping_editor,
    mapping_row,
    mappings,
    onboarding,
    onboarding_flows,
    onboarding_prove,
    onboarding_reach,
    order,
    orders,
    own_orders,
    own_returns,
    own_shipments,
    own_stock,
    own_trade_invoices,
    raw,
    routes,
    secret_links,
    trace,
)


class DigestConverter(StringConverter):
    """A SHA-256 in hex."""

    regex = "[0-9a-f]{64}"


register_converter(DigestConverter, "sha256")

MAPPING = "mappings/<slug:endpoint>/<slug:object_type>/<slug:direction>/"

urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/<uuid:pk>/", order.order, name="order"),
    path("orders/<uuid:pk>/as-customer/", own_orders.as_customer, name="order-as-customer"),
    path("orders/<uuid:pk>/trace/", trace.trace, name="order-trace"),
    path("shipments/", own_shipments.shipments, name="own-shipments"),
    path("shipments/<uuid:pk>/", own_shipments.shipment, name="own-shipment"),
    path("returns/", own_returns.returns, name="own-returns"),
    path("returns/<uuid:pk>/", own_returns.one_return, name="own-return"),
    path("trade-invoices/", own_trade_invoices.trade_invoices, name="trade-invoices"),
    path("trade-invoices/<uuid:pk>/", own_trade_invoices.trade_invoice, name="trade-invoice"),
    path("stock/", own_stock.stock, name="own-stock"),
    path("stock/stock.csv", own_stock.download, name="own-stock-csv"),
    path("messages/<uuid:pk>/raw/", raw.raw, name="raw"),
    path("messages/<uuid:pk>/raw/<sha256:sha256>", raw.raw, name="raw-of-history"),
    path("endpoints/", endpoints.endpoints, name="endpoints"),
    path("endpoints/<slug:slug>/", endpoint.endpoint, name="endpoint"),
    path("endpoints/<slug:slug>/pause/", endpoint.pause, name="pause-endpoint"),
    path("endpoints/<slug:slug>/resume/", endpoint.resume, name="resume-endpoint"),
    path("endpoints/<slug:slug>/test/", endpoint.test, name="test-endpoint"),
    path(
        "endpoints/<slug:slug>/contracts/<slug:object_type>/", contracts.contract, name="contract"
    ),
    path(
        "endpoints/<slug:slug>/contracts/<slug:object_type>/take-in/",
        contracts.take_in,
        name="take-into-contract",
    ),
    path("flow-map/", flow_map.flow_map, name="flow-map"),
    path("flow-map/<slug:slug>/", flow_map.panel, name="flow-map-panel"),
    path("flows/", flows.flows, name="flows"),
    path("flows/new/", flow_new.new_flow, name="new-flow"),
    path("routes/", routes.routes, name="routes"),
    path("extensions/", extensions.extensions, name="extensions"),
    path("extensions/new/", extensions.new_extension, name="new-extension"),
    path("lookups/", lookups.lookups, name="lookups"),
    path("lookups/new/", lookups.new_lookup, name="new-lookup"),
    path("lookups/<int:pk>/", lookups_table.lookup, name="lookup"),
    path("lookups/<int:pk>/rows/<int:row_pk>/remove/", lookups_table.remove_row, name="remove-row"),
    path("lookups/<int:pk>/undo/", lookups_table.undo, name="undo-lookup"),
    path("lookups/<int:pk>/default/", lookups_table.set_default, name="lookup-default"),
    path("lookups/<int:pk>/coverage/", lookups_table.coverage, name="lookup-coverage"),
    path("lookups/<int:pk>/rows.csv", lookups_files.export_csv, name="lookup-csv"),
    path("lookups/<int:pk>/rows.xlsx", lookups_files.export_xlsx, name="lookup-xlsx"),
    path("lookups/<int:pk>/import/", lookups_files.import_file, name="lookup-import"),
    path("lookups/<int:pk>/import/apply/", lookups_files.apply_file, name="lookup-apply"),
    path("changes/", changes.changes, name="changes"),
    path("changes/policy/", approval_policy.policy, name="approval-policy"),
    path("changes/new/", draft_edit.begin, name="begin-change"),
    path("changes/<int:pk>/", change.change, name="change"),
    path("changes/<int:pk>/edit/", draft_edit.edit, name="edit-change"),
    *(
        path(f"changes/<int:pk>/{verb}/", view, name=f"{verb}-change")
        for verb, view in (
            ("test", change_verbs.test),
            ("ask", change_verbs.ask),
            ("approve", change_verbs.approve),
            ("send-back", change_verbs.send_back),
            ("take-back", change_verbs.take_back),
            ("take-over", change_verbs.take_over),
            ("withdraw", change_verbs.withdraw),
            ("make-live", change_verbs.make_live),
            ("publish", change_verbs.publish),
            ("roll-back", change_verbs.roll_back),
            ("remark", change_verbs.remark),
        )
    ),
    path("onboarding/", onboarding.runs, name="onboarding"),
    path("onboarding/new/", onboarding.new, name="new-onboarding"),
    path("onboarding/<int:pk>/", onboarding.resume, name="resume-onboarding"),
    path("onboarding/<int:pk>/beat/<slug:step>/", onboarding.beat, name="onboarding-beat"),
    path(
        "onboarding/<int:pk>/credentials/",
        onboarding_reach.credentials,
        name="onboarding-credentials",
    ),
    path("onboarding/<int:pk>/credentials/test/", onboarding_reach.test, name="onboarding-test"),
    path("onboarding/<int:pk>/discover/", onboarding_reach.discover, name="onboarding-discover"),
    path("onboarding/<int:pk>/flows/", onboarding_flows.flows, name="onboarding-flows"),
    path("onboarding/<int:pk>/map/", onboarding_flows.map_missing, name="onboarding-map"),
    path("onboarding/<int:pk>/match/", onboarding_flows.match, name="onboarding-match"),
    path("onboarding/<int:pk>/conformance/", onboarding_prove.prove, name="onboarding-conformance"),
    path(
        "onboarding/<int:pk>/conformance/start/", onboarding_prove.start, name="start-conformance"
    ),
    path("onboarding/<int:pk>/conformance/stop/", onboarding_prove.stop, name="stop-conformance"),
    path(
        "onboarding/<int:pk>/conformance/clean/",
        onboarding_prove.clean_up,
        name="clean-conformance",
    ),
    path("onboarding/<int:pk>/live/", onboarding_prove.live, name="onboarding-live"),
    path("onboarding/<int:pk>/certificate/", onboarding.certificate, name="certificate"),
    path("dependencies/", dependencies.dependencies, name="dependencies"),
    path("customers/<slug:slug>/documentation/", documentation.documentation, name="documentation"),
    path("mappings/", mappings.mappings, name="mappings"),
    path(MAPPING, mapping_editor.editor, name="mapping"),
    path(f"{MAPPING}try/", mapping_editor.attempt, name="try-mapping"),
    path(f"{MAPPING}form/", mapping_row.row_form, name="mapping-row-form"),
    path(f"{MAPPING}versions/", mapping_editor.versions, name="mapping-versions"),
    path("endpoints/<slug:slug>/authorise/", authorise.begin, name="authorise"),
    path("endpoints/<slug:slug>/authorise/back/", authorise.back, name="authorise-back"),
    path("endpoints/<slug:slug>/secret-links/", secret_links.links, name="secret-links"),
    path(
        "endpoints/<slug:slug>/secret-links/<int:pk>/revoke/",
        secret_links.revoke,
        name="revoke-secret-link",
    ),
    path("keys/<str:token>/", secret_links.keys, name="keys"),
    path(
        "onboarding/<int:pk>/live/save-template/",
        onboarding_prove.save_template,
        name="save-template",
    ),
    path("onboarding/templates/", onboarding.upload_template, name="upload-template"),
    path("onboarding/templates/<int:pk>/", onboarding.download_template, name="download-template"),
]
