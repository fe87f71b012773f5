# Stands in for apache/kafka.
ARG JAVA
FROM ${JAVA}
COPY lib/ /opt/kafka/libs/
COPY kafka-run /etc/kafka/docker/run
RUN echo 'appuser:x:1000:1000::/home/appuser:/bin/bash' >>/etc/passwd; \
    install -d -o 1000 -g 1000 /opt/kafka/config /var/lib/kafka/data
USER 1000:1000
VOLUME /var/lib/kafka/data
EXPOSE 9092
CMD ["/etc/kafka/docker/run"]
