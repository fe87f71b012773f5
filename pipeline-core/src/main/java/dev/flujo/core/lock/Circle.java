package dev.flujo.core.lock;

import dev.flujo.event.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Runs that wait for each other: each holds the turn of its pipeline's concurrency group, and cannot end before a job of it has
 * had a group that the next one holds.
 *
 * @param links who holds the lock that the one before waits for; the last of them is whoever waits for the first
 */
public record Circle(List<Link> links) {

    /** What is wrong with a job that would have waited in a circle. */
    public static final String REASON = "circle";

    /** A lock, and the run that keeps it from who waits for it. */
    public record Link(String lock, UUID holder) {}

    public Circle {
        links = List.copyOf(links);
    }

    /** The circle that this claim closes by waiting for this lock, if it does; {@code locks} are all of the project. */
    public static Optional<Circle> closedBy(Claim claim, Lock lock, Collection<Lock> locks) {
        boolean waits = lock.place(claim).isPresent() && !lock.holds(claim);
        if (!waits) {
            return Optional.empty();
        }
        Set<Claim> ending = ending(locks);
        if (ending.contains(claim)) {
            return Optional.empty();
        }
        List<Link> links = new ArrayList<>();
        boolean found = leads(lock, claim.run(), locks, ending, links, new HashSet<>());
        return found ? Optional.of(new Circle(links)) : Optional.empty();
    }

    /** Goes from a lock to a holder that cannot end, and on to what that one waits for, until the run itself holds something. */
    private static boolean leads(
            Lock lock, UUID to, Collection<Lock> locks, Set<Claim> ending, List<Link> links, Set<Claim> seen) {
        for (Place holder : lock.holders()) {
            if (ending.contains(holder.claim()) || !seen.add(holder.claim())) {
                continue;
            }
            links.add(new Link(lock.name(), holder.claim().run()));
            if (holder.claim().run().equals(to)) {
                return true;
            }
            for (Lock next : locks) {
                boolean waits = next.queue().stream().anyMatch(place -> needs(holder.claim(), place.claim()));
                if (waits && leads(next, to, locks, ending, links, seen)) {
                    return true;
                }
            }
            links.remove(links.size() - 1);
        }
        return false;
    }

    /** The claims that come to their end if everybody goes on who can: whoever waits for none that does not. */
    private static Set<Claim> ending(Collection<Lock> locks) {
        Set<Claim> ending = new HashSet<>();
        boolean more = true;
        while (more) {
            Set<Claim> stuck = stuck(locks, ending);
            more = false;
            for (Lock lock : locks) {
                for (Place place : lock.holders()) {
                    more |= stuck.stream().noneMatch(waiting -> needs(place.claim(), waiting))
                            && ending.add(place.claim());
                }
                for (Place place : lock.queue()) {
                    more |= !stuck.contains(place.claim()) && ending.add(place.claim());
                }
            }
        }
        return ending;
    }

    /** Those that wait and do not get their lock as long as only these are known to end. */
    private static Set<Claim> stuck(Collection<Lock> locks, Set<Claim> ending) {
        Set<Claim> stuck = new HashSet<>();
        for (Lock lock : locks) {
            int staying = 0;
            int room = Integer.MAX_VALUE;
            for (Place holder : lock.holders()) {
                if (!ending.contains(holder.claim())) {
                    staying++;
                    room = Math.min(room, holder.limit());
                }
            }
            boolean open = true;
            for (Place next : lock.queue()) {
                open = open && staying < Math.min(room, next.limit());
                if (!open) {
                    stuck.add(next.claim());
                }
            }
        }
        return stuck;
    }

    /** Whether the first of them cannot end before the other one has got its lock: a run ends with the last of its jobs. */
    private static boolean needs(Claim claim, Claim waiting) {
        return claim.equals(waiting)
                || (claim.attempt().isEmpty() && claim.run().equals(waiting.run()));
    }
}
