// A Vendure shop: `node vendure_server.js PACKAGES DATABASE PORT`. With PORT 0 the shop is filled and the
// program ends; else it serves on this machine alone.
//
// PACKAGES is the folder whose node_modules has Vendure. BELL, where it is set, is the address that signed
// webhooks go to; the plugin finds its API key and its query in the files `key` and `order.graphql` beside
// DATABASE.

const { createHmac } = require('crypto');
const { readFileSync } = require('fs');
const { createRequire } = require('module');
const path = require('path');

const [packages, database, port] = process.argv.slice(2);
const load = createRequire(path.join(packages, 'package.json'));
const core = load('@vendure/core');

// With types left out it is the plugin of the README.
class OrderWebhookPlugin {
    constructor(bus) {
        this.bus = bus;
    }
    onApplicationBootstrap() {
        this.bus.ofType(core.OrderStateTransitionEvent).subscribe(event =>
            this.send(event.order.id).catch(error => core.Logger.warn(String(error), 'OrderWebhook')));
    }
    async send(id) {
        const query = readFileSync(path.join(path.dirname(database), 'order.graphql'), 'utf8');
        const key = readFileSync(path.join(path.dirname(database), 'key'), 'utf8');
        const asked = await fetch(`http://127.0.0.1:${port}/admin-api`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', 'vendure-api-key': key },
            body: JSON.stringify({ query, variables: { id } }),
        });
        const body = JSON.stringify((await asked.json()).data.order);
        const proof = createHmac('sha256', process.env.BELL_SECRET).update(body).digest('hex');
        const headers = { 'Content-Type': 'application/json', 'X-Vendure-Signature': proof };
        await fetch(process.env.BELL, { method: 'POST', headers, body });
    }
}
Reflect.defineMetadata('design:paramtypes', [core.EventBus], OrderWebhookPlugin);
core.VendurePlugin({ imports: [core.PluginCommonModule] })(OrderWebhookPlugin);

const config = {
    apiOptions: { port: Number(port), hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
    authOptions: {
        tokenMethod: ['bearer', 'cookie', 'api-key'],
        superadminCredentials: { identifier: 'superadmin', password: 'an administrator' },
        cookieOptions: { secret: 'a cookie of the tests' },
        requireVerification: false,
    },
    dbConnectionOptions: { type: 'better-sqlite3', database, synchronize: true, logging: false },
    paymentOptions: { paymentMethodHandlers: [core.dummyPaymentHandler] },
    importExportOptions: { importAssetsDir: packages },
    logger: new core.DefaultLogger({ level: core.LogLevel.Warn }),
    plugins: process.env.BELL ? [OrderWebhookPlugin] : [],
};

const shop = {
    defaultLanguage: 'en',
    defaultZone: 'Americas',
    countries: [{ name: 'United States', code: 'US', zone: 'Americas' }],
    taxRates: [{ name: 'Standard Tax', percentage: 8.25 }],
    shippingMethods: [{ name: 'Standard Shipping', price: 500 }],
    paymentMethods: [
        {
            name: 'Card',
            handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
        },
        {
            name: 'Invoice',
            handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'false' }] },
        },
    ],
    collections: [],
};

async function fill() {
    const { populate } = load('@vendure/core/cli');
    const making = { ...config, apiOptions: { ...config.apiOptions, port: 0 } };
    const app = await populate(() => core.bootstrap(making), shop, path.join(__dirname, 'vendure_products.csv'));
    await app.close();
    process.exit(0);
}

async function serve() {
    const app = await core.bootstrap(config);
    await app.get(core.JobQueueService).start();
}

(port === '0' ? fill : serve)().catch(error => {
    console.error(error);
    process.exit(1);
});
