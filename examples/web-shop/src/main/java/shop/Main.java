package shop;

/** Opens the shop at {@code PORT}, as {@code FLUJO_COMMIT} has it. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8000"));
        Shop shop = new Shop(port, System.getenv().getOrDefault("FLUJO_COMMIT", "unknown"));
        Runtime.getRuntime().addShutdownHook(new Thread(shop::close));
        System.out.println("The shop is open at http://127.0.0.1:" + shop.port() + "/");
    }
}
