# Stands in for cassandra.
ARG JAVA
FROM ${JAVA}
COPY lib/ /opt/cassandra/lib/
COPY cassandra-run /usr/local/bin/docker-entrypoint.sh
COPY cassandra.yaml cassandra-logback.xml cassandra-jvm /etc/cassandra/
RUN echo 'cassandra:x:999:999::/var/lib/cassandra:/bin/bash' >>/etc/passwd; \
    install -d -o 999 -g 999 -m 1777 /etc/cassandra /var/lib/cassandra; \
    chmod -R a+rwX /etc/cassandra
VOLUME /var/lib/cassandra
EXPOSE 7000 9042
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["cassandra", "-f"]
