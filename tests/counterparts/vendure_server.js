// A Vendure shop: `node vendure_server.js PACKAGES DATABASE PORT`. With PORT 0 the shop is filled and the
// program ends; else it serves on this machine alone.
//
// PACKAGES is the folder whose node_modules has Vendure. BELL, where it is set, is the address that signed
// webhooks go to, by the plugin that the connector's README shows.

const { createHmac } = require('crypto');
const { createRequire } = require('module');
const path = require('path');

const [packages, database, port] = process.argv.slice(2);
const load = createRequire(path.join(packages, 'package.json'));
const core = load('@vendure/core');

class BellPlugin {
    constructor(bus) {
        this.bus = bus;
    }
    onApplicationBootstrap() {
        this.bus.ofType(core.OrderStateTransitionEvent).subscribe(event => this.ring(event.order));
    }
    ring(order) {
        const body = JSON.stringify({ type: 'order', id: order.id, code: order.code, state: order.state });
        const proof = createHmac('sha256', process.env.BELL_SECRET).update(body).digest('hex');
        const headers = { 'Content-Type': 'application/json', 'X-Vendure-Signature': proof };
        return fetch(process.env.BELL, { method: 'POST', body, headers }).catch(() => {});
    }
}
Reflect.defineMetadata('design:paramtypes', [core.EventBus], BellPlugin);
core.VendurePlugin({ imports: [core.PluginCommonModule] })(BellPlugin);

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
    plugins: process.env.BELL ? [BellPlugin] : [],
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
